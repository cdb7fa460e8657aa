package io.redmesh.benchmarks.load;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;

import org.jspecify.annotations.Nullable;

/**
 * A client with one kept-alive connection, which sends prepared HTTP/1.1 requests one
 * after another.
 */
public final class HttpLine extends Connection {

	private final HttpAnswer answer = new HttpAnswer();

	private final Queue<Exchange> waiting = new ArrayDeque<>(1);

	private static final int MAX_TIMEOUT_FACTOR = 4;

	private final long timeoutNanos;

	private int timeoutFactor = 1;

	private boolean answeredOnConnection;

	private boolean broken;

	private @Nullable Exchange current;

	/**
	 * Creates a client. Like the starter's client, it doubles its timeout after each
	 * timeout and each refused connection, up to four times the given one.
	 */
	public HttpLine(EventLoop loop, InetSocketAddress server, long timeoutNanos) {
		super(loop, server);
		this.timeoutNanos = timeoutNanos;
	}

	/** Sends a request once the requests before it have ended. */
	public void send(byte[] request, Reply reply) {
		this.waiting.add(new Exchange(request, reply));
		if (this.current == null) {
			next();
		}
	}

	/**
	 * Returns whether the last request failed on a connection that had worked before.
	 * Such a request is worth another attempt at once, on a new connection.
	 */
	public boolean hasBroken() {
		return this.broken;
	}

	private void next() {
		Exchange exchange = this.waiting.poll();
		this.current = exchange;
		if (exchange != null) {
			loop().schedule(this.timeoutFactor * this.timeoutNanos, () -> {
				if (exchange.equals(this.current)) {
					this.answeredOnConnection = false;
					disconnect();
					lost("Timed out");
				}
			});
			write(exchange.request);
		}
	}

	@Override
	protected void received(ByteBuffer arrived) {
		Exchange exchange = this.current;
		if (exchange == null || !this.answer.take(arrived)) {
			return;
		}
		this.timeoutFactor = 1;
		this.answeredOnConnection = true;
		if (this.answer.isLastOfConnection()) {
			disconnect();
		}
		exchange.reply.answered(this.answer, "");
		this.answer.clear();
		next();
	}

	@Override
	protected void lost(String reason) {
		this.answer.clear();
		if (!this.answeredOnConnection) {
			this.timeoutFactor = Math.min(2 * this.timeoutFactor, MAX_TIMEOUT_FACTOR);
		}
		this.broken = this.answeredOnConnection;
		this.answeredOnConnection = false;
		Exchange exchange = this.current;
		this.current = null;
		if (exchange != null) {
			exchange.reply.answered(null, reason);
			if (this.current == null) {
				next();
			}
		}
	}

	/** A callback that takes the outcome of a request. */
	@FunctionalInterface
	public interface Reply {

		/**
		 * Takes the outcome of the request.
		 * @param answer the response, valid only during this call, or null without one
		 * @param failure the reason why there is no response, or an empty text
		 */
		void answered(@Nullable HttpAnswer answer, String failure);

	}

	// Not a record: an exchange is equal only to itself.
	private static final class Exchange {

		private final byte[] request;

		private final Reply reply;

		Exchange(byte[] request, Reply reply) {
			this.request = request;
			this.reply = reply;
		}

	}

}
