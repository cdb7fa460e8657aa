package io.redmesh.autoconfigure.restclient;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

import io.redmesh.autoconfigure.call.HttpCall;
import io.redmesh.autoconfigure.call.HttpCalls;
import io.redmesh.autoconfigure.call.PendingCall;
import io.redmesh.autoconfigure.call.ServedRequest;
import io.redmesh.core.time.Time;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.ClientHttpResponse;

/**
 * Makes calls attempt by attempt, on the calling thread. An answer is handed out as soon
 * as it has begun.
 * <p>
 * Safe for use by many threads.
 */
final class BlockingDriver {

	/** A larger answer that is not handed out costs more to read than a connection. */
	private static final int MAX_DISCARDED = 64 * 1024;

	/** An answer that takes longer to end costs more to wait for than a connection. */
	private static final Duration DISCARDED_WITHIN = Duration.ofMillis(50);

	private final HttpCalls calls;

	private final TimeLimits limits;

	private final Time time;

	BlockingDriver(HttpCalls calls, TimeLimits limits, Time time) {
		this.calls = calls;
		this.limits = limits;
		this.time = time;
	}

	/**
	 * Plans a call.
	 * @param uri what is called
	 * @param method the method of the request
	 * @param headers the headers of the request
	 * @param attributes the attributes of the request
	 * @return the call, or null if the host is no service of the mesh
	 * @throws IOException if the thread was interrupted while it waited for the first
	 * list of services
	 */
	@Nullable PendingCall plan(URI uri, HttpMethod method, HttpHeaders headers, Map<String, Object> attributes)
			throws IOException {
		this.calls.firstSnapshot().await(uri);
		return this.calls.plan(uri, method, headers, attributes, ServedRequest.current(), null);
	}

	/**
	 * Carries out a request to a host that is no service of the mesh.
	 * @param uri what is called
	 * @param request carries it out
	 * @return the answer
	 * @throws IOException what the request has thrown, or that the host is unknown since
	 * no list of services has come yet
	 */
	ClientHttpResponse pass(URI uri, Sending request) throws IOException {
		try {
			return request.send();
		}
		catch (IOException ex) {
			throw this.calls.firstSnapshot().explain(uri, ex);
		}
	}

	/**
	 * Begins a call as soon as it may, and makes its attempts until one of them ends it.
	 * @param pending the call
	 * @param exchange carries out an attempt
	 * @param cutting how to end an answer that is not handed out
	 * @return the answer, to be closed
	 * @throws IOException what the last attempt has thrown, or that there is no instance
	 * to call, or no free slot in time
	 */
	ReleasingResponse drive(PendingCall pending, Exchange exchange, Cutting cutting) throws IOException {
		HttpCall call = pending.await();
		boolean handedOut = false;
		try {
			ReleasingResponse answer = answer(call, exchange, cutting);
			handedOut = true;
			return answer;
		}
		finally {
			if (!handedOut) {
				call.giveUp();
			}
		}
	}

	private ReleasingResponse answer(HttpCall call, Exchange exchange, Cutting cutting) throws IOException {
		while (true) {
			Duration timeout = call.timeout();
			TimeLimit limit = this.limits.begin(timeout);
			ClientHttpResponse response = null;
			try {
				response = begun(call, exchange, limit);
				HttpStatusCode status = response.getStatusCode();
				if (!call.responded(status, response.getHeaders())) {
					return new ReleasingResponse(response, status, call, limit);
				}
			}
			catch (Throwable ex) {
				if (limit.end()) {
					IOException tooLong = tooLong(call, timeout, ex);
					if (!call.failed(tooLong)) {
						throw tooLong;
					}
				}
				else if (!call.failed(ex)) {
					throw ex;
				}
			}
			if (response != null) {
				discard(response, limit, cutting);
			}
			pause(call);
		}
	}

	private static ClientHttpResponse begun(HttpCall call, Exchange exchange, TimeLimit limit) throws IOException {
		ClientHttpResponse response;
		try {
			response = exchange.send(call);
			// Some clients read the answer only when its status is asked for.
			response.getStatusCode();
		}
		finally {
			limit.end();
		}
		return response;
	}

	private static IOException tooLong(HttpCall call, @Nullable Duration timeout, Throwable cause) {
		IOException tooLong = new SocketTimeoutException(
				"No answer of %s within %s".formatted(call.instance().authority(), timeout));
		// Not the cause: that is the interruption or cancellation by this driver.
		tooLong.addSuppressed(cause);
		return tooLong;
	}

	/**
	 * Ends an answer that is not handed out: its connection is kept if little is left of
	 * it that comes soon, and closed otherwise.
	 * @param response the answer
	 * @param attempt the limit of its attempt, which has ended
	 * @param cutting how to end it early if that limit does not know
	 */
	void discard(ClientHttpResponse response, TimeLimit attempt, Cutting cutting) {
		TimeLimit limit = this.limits.begin(DISCARDED_WITHIN);
		try {
			InputStream body = response.getBody();
			cutting.arrange(limit, body);
			limit.cancelAs(attempt);
			if (body.readNBytes(MAX_DISCARDED).length == MAX_DISCARDED) {
				limit.exceed();
			}
			body.close();
		}
		catch (IOException | RuntimeException ex) {
			// The connection is closed, which is as good.
		}
		finally {
			response.close();
			limit.end();
		}
	}

	private void pause(HttpCall call) throws IOException {
		Duration delay = call.delay();
		if (delay.isZero()) {
			return;
		}
		try {
			this.time.sleep(delay);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new InterruptedIOException("Interrupted between two attempts");
		}
	}

	/** Carries out the attempts of a call. */
	@FunctionalInterface
	interface Exchange {

		/**
		 * Sends the request of the current attempt, until its answer begins.
		 * @param call the call
		 * @return the answer, which has begun
		 * @throws IOException if there is none
		 */
		ClientHttpResponse send(HttpCall call) throws IOException;

	}

	/** Carries out a request that is not planned. */
	@FunctionalInterface
	interface Sending {

		/**
		 * Sends the request, until its answer begins.
		 * @return the answer, which has begun
		 * @throws IOException if there is none
		 */
		ClientHttpResponse send() throws IOException;

	}

}
