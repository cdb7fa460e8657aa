package io.redmesh.benchmarks.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A closed-loop load of prepared HTTP/1.1 requests over kept-alive connections. Each
 * connection sends its next request as soon as the last response is complete. The calling
 * thread serves all connections, so that most of the machine is left to the server.
 */
public final class HttpLoad implements AutoCloseable {

	private static final Duration SILENCE = Duration.ofSeconds(10);

	private final InetSocketAddress server;

	private final Selector selector;

	private final List<Connection> connections = new ArrayList<>();

	private final ByteBuffer arrived = ByteBuffer.allocateDirect(256 * 1024);

	private HttpLoad(InetSocketAddress server, Selector selector) {
		this.server = server;
		this.selector = selector;
	}

	public static HttpLoad open(URI server, int connections) throws IOException {
		HttpLoad load = new HttpLoad(new InetSocketAddress(server.getHost(), server.getPort()), Selector.open());
		for (int i = 0; i < connections; i++) {
			Connection connection = load.new Connection();
			connection.connect();
			load.connections.add(connection);
		}
		return load;
	}

	/** Prepares a request. */
	public static byte[] request(String method, URI server, String target, String headers, String body) {
		byte[] content = body.getBytes(StandardCharsets.UTF_8);
		String length = (content.length == 0 && method.matches("GET|DELETE")) ? ""
				: "Content-Type: application/json\r\nContent-Length: " + content.length + "\r\n";
		String accept = headers.startsWith("Accept:") ? "" : "Accept: application/json\r\n";
		byte[] head = "%s %s HTTP/1.1\r\nHost: %s\r\n%s%s%s\r\n"
			.formatted(method, target, server.getAuthority(), accept, headers, length)
			.getBytes(StandardCharsets.US_ASCII);
		return ByteBuffer.allocate(head.length + content.length).put(head).put(content).array();
	}

	/** Sends each request once. */
	public Sample once(List<byte[]> requests, Check check) throws IOException {
		return run(new Run(requests, requests.size(), Long.MAX_VALUE, check));
	}

	/** Sends the requests in turn, repeatedly, for a time. */
	public Sample during(Duration time, List<byte[]> requests, Check check) throws IOException {
		return run(new Run(requests, Long.MAX_VALUE, time.toNanos(), check));
	}

	private Sample run(Run run) throws IOException {
		for (Connection connection : this.connections) {
			connection.next(run);
		}
		while (run.awaited > 0) {
			if (this.selector.select((key) -> ((Connection) key.attachment()).ready(run), SILENCE.toMillis()) == 0) {
				throw new IOException("%s is silent, %d responses are missing".formatted(this.server, run.awaited));
			}
		}
		return run.tally.over(run.ended - run.begun);
	}

	@Override
	public void close() throws IOException {
		for (Connection connection : this.connections) {
			connection.channel.close();
		}
		this.selector.close();
	}

	/** A check that a response is the expected one. */
	@FunctionalInterface
	public interface Check {

		boolean passes(int request, HttpAnswer answer);

		static Check status(int status) {
			return (request, answer) -> answer.status() == status;
		}

	}

	/** The requests of a run, and their outcomes so far. */
	private static final class Run {

		private final List<byte[]> requests;

		private final long count;

		private final long limit;

		private final Check check;

		private final Sample.Tally tally = new Sample.Tally();

		private final long begun = System.nanoTime();

		private long ended;

		private long sent;

		private int awaited;

		Run(List<byte[]> requests, long count, long limit, Check check) {
			this.requests = requests;
			this.count = count;
			this.limit = limit;
			this.check = check;
		}

		boolean isOver(long now) {
			return this.sent >= this.count || now - this.begun >= this.limit;
		}

	}

	/** A connection of this load. */
	private final class Connection {

		private final HttpAnswer answer = new HttpAnswer();

		private SocketChannel channel;

		private SelectionKey key;

		private ByteBuffer request = ByteBuffer.allocate(0);

		private int number;

		private long sentAt;

		private boolean busy;

		void connect() throws IOException {
			this.channel = SocketChannel.open(HttpLoad.this.server);
			this.channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
			this.channel.configureBlocking(false);
			this.key = this.channel.register(HttpLoad.this.selector, SelectionKey.OP_READ, this);
		}

		void next(Run run) throws IOException {
			this.sentAt = System.nanoTime();
			if (run.isOver(this.sentAt)) {
				return;
			}
			this.number = (int) (run.sent++ % run.requests.size());
			run.awaited++;
			this.busy = true;
			this.request = ByteBuffer.wrap(run.requests.get(this.number));
			write();
		}

		private void write() throws IOException {
			this.channel.write(this.request);
			this.key.interestOps(
					this.request.hasRemaining() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
		}

		void ready(Run run) {
			try {
				if (this.key.isWritable()) {
					write();
				}
				if (this.key.isReadable()) {
					read(run);
				}
			}
			catch (IOException ex) {
				lost(run, ex.toString());
			}
		}

		private void read(Run run) throws IOException {
			ByteBuffer buffer = HttpLoad.this.arrived.clear();
			if (this.channel.read(buffer) < 0) {
				lost(run, "The server has closed the connection");
				return;
			}
			if (!this.answer.take(buffer.flip())) {
				return;
			}
			answered(run);
			if (run.check.passes(this.number, this.answer)) {
				run.tally.success(run.ended - this.sentAt);
			}
			else {
				String body = this.answer.body();
				run.tally.failure(this.answer.status() + " " + body.substring(0, Math.min(300, body.length())));
			}
			boolean last = this.answer.isLastOfConnection();
			this.answer.clear();
			if (last) {
				this.channel.close();
				connect();
			}
			next(run);
		}

		private void answered(Run run) {
			run.ended = System.nanoTime();
			run.awaited--;
			this.busy = false;
		}

		private void lost(Run run, String reason) {
			if (this.busy) {
				answered(run);
				run.tally.failure(reason);
			}
			this.answer.clear();
			try {
				this.channel.close();
				connect();
				next(run);
			}
			catch (IOException ex) {
				throw new IllegalStateException("No connection to " + HttpLoad.this.server, ex);
			}
		}

	}

}
