package io.redmesh.benchmarks.load;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;

import org.jspecify.annotations.Nullable;

/**
 * Prepared requests in HTTP/1.1 over one connection that is kept alive, one after the
 * other.
 */
public final class HttpLine extends Connection {

	private final HttpAnswer answer = new HttpAnswer();

	private final Queue<Exchange> waiting = new ArrayDeque<>(1);

	private static final int MAX_PATIENCE = 4;

	private final long timeoutNanos;

	private int patience = 1;

	private boolean answeredOnConnection;

	private boolean broken;

	private @Nullable Exchange current;

	/**
	 * Creates a line; it waits longer after each answer that did not come and each
	 * connection that was refused, as the real client does.
	 */
	public HttpLine(EventLoop loop, InetSocketAddress server, long timeoutNanos) {
		super(loop, server);
		this.timeoutNanos = timeoutNanos;
	}

	/** Sends a request when those before are answered. */
	public void send(byte[] request, Reply reply) {
		this.waiting.add(new Exchange(request, reply));
		if (this.current == null) {
			next();
		}
	}

	/**
	 * Tells whether the last request failed on a connection that had worked before, so
	 * that it is worth a new one at once.
	 */
	public boolean hasBroken() {
		return this.broken;
	}

	private void next() {
		Exchange exchange = this.waiting.poll();
		this.current = exchange;
		if (exchange != null) {
			loop().schedule(this.patience * this.timeoutNanos, () -> {
				if (exchange.equals(this.current)) {
					this.answeredOnConnection = false;
					disconnect();
					lost("No answer in time");
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
		this.patience = 1;
		this.answeredOnConnection = true;
		if (this.answer.isLastOfConnection()) {
			disconnect();
		}
		exchange.reply.answered(this.answer, "");
		this.answer.clear();
		next();
	}

	@Override
	protected void lost(String why) {
		this.answer.clear();
		if (!this.answeredOnConnection) {
			this.patience = Math.min(2 * this.patience, MAX_PATIENCE);
		}
		this.broken = this.answeredOnConnection;
		this.answeredOnConnection = false;
		Exchange exchange = this.current;
		this.current = null;
		if (exchange != null) {
			exchange.reply.answered(null, why);
			if (this.current == null) {
				next();
			}
		}
	}

	/** What becomes of a request. */
	@FunctionalInterface
	public interface Reply {

		/** Takes the answer, which is gone afterwards, or why there is none. */
		void answered(@Nullable HttpAnswer answer, String failure);

	}

	// Not a record: each is equal to itself only.
	private static final class Exchange {

		private final byte[] request;

		private final Reply reply;

		Exchange(byte[] request, Reply reply) {
			this.request = request;
			this.reply = reply;
		}

	}

}
