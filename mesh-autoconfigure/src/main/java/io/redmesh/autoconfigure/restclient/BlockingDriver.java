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
import io.redmesh.autoconfigure.call.RuleResponse;
import io.redmesh.autoconfigure.call.ServedRequest;
import io.redmesh.core.time.Time;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.ClientHttpResponse;

/**
 * The driver of blocking calls, which makes their attempts on the calling thread. A
 * response is handed out as soon as it has begun.
 * <p>
 * Safe for use by many threads.
 */
final class BlockingDriver {

	/**
	 * The largest response that is read although it is not handed out, in bytes. To read
	 * more would cost more than a new connection.
	 */
	private static final int MAX_DISCARDED = 64 * 1024;

	/**
	 * The longest wait for the end of a response that is not handed out. To wait longer
	 * would cost more than a new connection.
	 */
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
	 * @param uri the URI of the request
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
	 * @param uri the URI of the request
	 * @param request the request, to be sent
	 * @return the response
	 * @throws IOException if the request has failed; the exception says so if the host is
	 * unknown because no list of services has come yet
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
	 * Begins a call as soon as it has a permit, and makes its attempts until one of them
	 * ends it.
	 * @param pending the call
	 * @param exchange the exchange that carries out an attempt
	 * @param cutting the way to end a response that is not handed out
	 * @return the response, to be closed
	 * @throws IOException if the last attempt has failed, there is no instance to call,
	 * or no permit became free in time
	 */
	ReleasingResponse drive(PendingCall pending, Exchange exchange, Cutting cutting) throws IOException {
		HttpCall call = pending.await();
		boolean handedOut = false;
		try {
			ReleasingResponse response = makeAttempts(call, exchange, cutting);
			handedOut = true;
			return response;
		}
		finally {
			if (!handedOut) {
				call.giveUp();
			}
		}
	}

	private ReleasingResponse makeAttempts(HttpCall call, Exchange exchange, Cutting cutting) throws IOException {
		while (true) {
			pause(call);
			Duration timeout = call.timeout();
			TimeLimit limit = this.limits.begin(timeout);
			ClientHttpResponse response = null;
			try {
				response = awaitResponse(call, exchange, limit);
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
		}
	}

	private static ClientHttpResponse awaitResponse(HttpCall call, Exchange exchange, TimeLimit limit)
			throws IOException {
		ClientHttpResponse response;
		try {
			RuleResponse ruled = call.ruleResponse();
			response = (ruled != null) ? new RuledResponse(ruled) : exchange.send(call);
			// Some clients read the response only when its status is asked for.
			response.getStatusCode();
		}
		finally {
			limit.end();
		}
		return response;
	}

	private static IOException tooLong(HttpCall call, @Nullable Duration timeout, Throwable cause) {
		IOException tooLong = new SocketTimeoutException(
				"No response from %s within %s".formatted(call.instance().authority(), timeout));
		// Not as the cause: it is only the interruption or cancellation by this driver.
		tooLong.addSuppressed(cause);
		return tooLong;
	}

	/**
	 * Ends a response that is not handed out. Its connection is kept if the rest of it is
	 * short and comes soon, and closed otherwise.
	 * @param response the response
	 * @param attempt the limit of its attempt, which has ended
	 * @param cutting the way to end the response early if that limit does not know one
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
			throw new InterruptedIOException("Interrupted during the delay of an attempt");
		}
	}

	/** The exchange that carries out the attempts of a call with an HTTP client. */
	@FunctionalInterface
	interface Exchange {

		/**
		 * Sends the request of the current attempt, and waits until its response begins.
		 * @param call the call
		 * @return the response, which has begun
		 * @throws IOException if there is no response
		 */
		ClientHttpResponse send(HttpCall call) throws IOException;

	}

	/** The sending of a request that is not planned. */
	@FunctionalInterface
	interface Sending {

		/**
		 * Sends the request, and waits until its response begins.
		 * @return the response, which has begun
		 * @throws IOException if there is no response
		 */
		ClientHttpResponse send() throws IOException;

	}

}
