package io.redmesh.demo.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/**
 * The network between one member and the registry servers, which can be cut. Safe for use
 * by many threads.
 */
final class Network implements AutoCloseable {

	private static final int FIRST_PORT = 18_761;

	private final List<Line> lines = new ArrayList<>();

	private volatile State state = State.CONNECTED;

	/** Opens a local port for each of the addresses. */
	Network(List<URI> targets) throws IOException {
		int port = FIRST_PORT;
		for (URI target : targets) {
			port = ProcessFleet.freePort(port);
			this.lines.add(new Line(port, target));
		}
	}

	/** The state of a network. */
	enum State {

		/** All that is sent arrives. */
		CONNECTED,

		/**
		 * Connections stay and new ones are accepted, but nothing sent on them arrives.
		 */
		SILENT,

		/** All connections are closed, and new ones are refused. */
		CLOSED

	}

	/** Returns the addresses at which the member reaches the registry servers. */
	List<URI> uris() {
		return this.lines.stream().map((line) -> URI.create("http://localhost:" + line.port)).toList();
	}

	/** Sets the state. Connections that have lost data do not survive the change. */
	void set(State next) throws IOException {
		this.state = next;
		for (Line line : this.lines) {
			if (next == State.CLOSED) {
				// Before the cut, which a connection that is just being accepted would
				// survive otherwise.
				line.close();
			}
			if (next != State.SILENT) {
				line.cut();
			}
			if (next != State.CLOSED) {
				line.open();
			}
		}
	}

	@Override
	public void close() {
		this.lines.forEach((line) -> {
			line.close();
			line.cut();
		});
	}

	private static void close(AutoCloseable resource) {
		try {
			resource.close();
		}
		catch (Exception ex) {
			// It is closed nevertheless.
		}
	}

	private static Thread start(String name, Runnable task) {
		Thread thread = new Thread(task, name);
		thread.setDaemon(true);
		thread.start();
		return thread;
	}

	/** A proxy for one address. */
	private final class Line {

		private final int port;

		private final URI target;

		private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

		private @Nullable ServerSocket listener;

		private @Nullable Thread acceptor;

		Line(int port, URI target) throws IOException {
			this.port = port;
			this.target = target;
			open();
		}

		synchronized void open() throws IOException {
			if (this.listener == null) {
				ServerSocket opened = new ServerSocket(this.port, 50, InetAddress.getLoopbackAddress());
				this.listener = opened;
				this.acceptor = start("accept-" + this.port, () -> accept(opened));
			}
		}

		synchronized void close() {
			if (this.listener != null) {
				Network.close(this.listener);
				this.listener = null;
				awaitAcceptor();
			}
		}

		/**
		 * Waits for the accepting thread: the port is free only after that thread has
		 * noticed the close.
		 */
		private void awaitAcceptor() {
			Thread last = this.acceptor;
			if (last != null) {
				try {
					last.join(1000);
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			}
		}

		void cut() {
			this.sockets.forEach(this::end);
		}

		private void end(Socket socket) {
			this.sockets.remove(socket);
			Network.close(socket);
		}

		private void accept(ServerSocket opened) {
			while (!opened.isClosed()) {
				try {
					connect(opened.accept());
				}
				catch (IOException ex) {
					// The port is closed, or the registry server is down.
				}
			}
		}

		private void connect(Socket client) throws IOException {
			this.sockets.add(client);
			try {
				Socket server = new Socket(this.target.getHost(), this.target.getPort());
				this.sockets.add(server);
				client.setTcpNoDelay(true);
				server.setTcpNoDelay(true);
				start("requests-" + this.port, () -> pass(client, server));
				start("answers-" + this.port, () -> pass(server, client));
			}
			catch (IOException ex) {
				end(client);
				throw ex;
			}
		}

		private void pass(Socket from, Socket to) {
			byte[] bytes = new byte[16 * 1024];
			try {
				for (int read = from.getInputStream().read(bytes); read >= 0; read = from.getInputStream()
					.read(bytes)) {
					if (Network.this.state == State.CONNECTED) {
						to.getOutputStream().write(bytes, 0, read);
					}
				}
			}
			catch (IOException ex) {
				// One side has closed its connection.
			}
			end(from);
			end(to);
		}

	}

}
