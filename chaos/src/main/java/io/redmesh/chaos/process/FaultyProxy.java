package io.redmesh.chaos.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/**
 * A network between two processes that fails on demand. It passes bytes between its
 * clients and one port of this machine.
 * <p>
 * Safe for use by many threads. Uses two threads for each connection.
 */
public final class FaultyProxy implements AutoCloseable {

	private final int port = Ports.free();

	private final int target;

	private final Set<Connection> connections = ConcurrentHashMap.newKeySet();

	private @Nullable ServerSocket listener;

	private Mode mode = Mode.PASS;

	private Duration delay = Duration.ZERO;

	/**
	 * Creates a proxy that passes everything.
	 * @param target the port to which it connects
	 */
	public FaultyProxy(int target) {
		this.target = target;
		listen();
	}

	/** The modes of the network. */
	public enum Mode {

		/** Bytes pass at once. */
		PASS,

		/** Bytes pass late. */
		DELAY,

		/** Connections are refused, and existing ones are cut. */
		REFUSE,

		/**
		 * Connections are accepted and no bytes pass; what was sent arrives afterwards.
		 */
		HOLD,

		/** Connections are accepted, and bytes never arrive, in both directions. */
		SWALLOW,

		/** Requests arrive, responses never do. */
		SWALLOW_ANSWERS

	}

	public int port() {
		return this.port;
	}

	/** Lets everything pass from now on. */
	public void pass() {
		become(Mode.PASS, Duration.ZERO);
	}

	/**
	 * Changes the mode of the network. Connections from which bytes were swallowed are
	 * cut by the next change, because the rest would make no sense.
	 * @param next the new mode
	 * @param delay by how much each stretch of bytes is late, in {@link Mode#DELAY}
	 */
	public synchronized void become(Mode next, Duration delay) {
		this.mode = next;
		this.delay = delay;
		notifyAll();
		this.connections.stream().filter((connection) -> connection.lossy).forEach(Connection::cut);
		if (next == Mode.REFUSE) {
			close(this.listener);
			this.listener = null;
			cut();
		}
		else if (this.listener == null) {
			listen();
		}
	}

	/** Cuts all connections, once. */
	public void cut() {
		this.connections.forEach(Connection::cut);
	}

	private synchronized void listen() {
		try {
			ServerSocket socket = new ServerSocket();
			socket.setReuseAddress(true);
			socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), this.port));
			this.listener = socket;
			start("accept", () -> accept(socket));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void accept(ServerSocket socket) {
		while (!socket.isClosed()) {
			try {
				Socket client = socket.accept();
				start("connect", () -> connect(client));
			}
			catch (IOException ex) {
				// The listener is closed, or the client has disconnected.
			}
		}
	}

	private void connect(Socket client) {
		Socket server = new Socket();
		Connection connection = new Connection(client, server);
		this.connections.add(connection);
		try {
			client.setTcpNoDelay(true);
			server.setTcpNoDelay(true);
			server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), this.target), 5000);
			start("answers", () -> connection.pump(server, client, true));
			connection.pump(client, server, false);
		}
		catch (IOException ex) {
			connection.cut();
		}
	}

	/** Waits while bytes are held, and then tells whether they arrive. */
	private boolean passes(boolean answers) throws InterruptedException {
		Duration late;
		synchronized (this) {
			while (this.mode == Mode.HOLD) {
				wait();
			}
			if (this.mode == Mode.SWALLOW || (this.mode == Mode.SWALLOW_ANSWERS && answers)) {
				return false;
			}
			late = (this.mode == Mode.DELAY) ? this.delay : Duration.ZERO;
		}
		if (!late.isZero()) {
			Thread.sleep(late.toMillis());
		}
		return true;
	}

	private void start(String what, Runnable task) {
		Thread thread = new Thread(task, "proxy-" + this.port + "-" + what);
		thread.setDaemon(true);
		thread.start();
	}

	@Override
	public synchronized void close() {
		pass();
		close(this.listener);
		cut();
	}

	private static void close(@Nullable AutoCloseable resource) {
		try {
			if (resource != null) {
				resource.close();
			}
		}
		catch (Exception ex) {
			// The resource is closed anyway.
		}
	}

	/** The two sockets between which bytes pass. */
	private final class Connection {

		private final Socket client;

		private final Socket server;

		private volatile boolean lossy;

		Connection(Socket client, Socket server) {
			this.client = client;
			this.server = server;
		}

		void pump(Socket from, Socket to, boolean answers) {
			byte[] bytes = new byte[16 * 1024];
			try {
				for (int read = from.getInputStream().read(bytes); read >= 0; read = from.getInputStream()
					.read(bytes)) {
					if (passes(answers)) {
						to.getOutputStream().write(bytes, 0, read);
					}
					else {
						this.lossy = true;
					}
				}
			}
			catch (IOException | InterruptedException ex) {
				// One of the two sides has disconnected.
			}
			cut();
		}

		void cut() {
			FaultyProxy.this.connections.remove(this);
			close(this.client);
			close(this.server);
		}

	}

}
