package io.redmesh.registry.eviction;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.net.StablePorts;

/** A real port on which a test accepts connections or refuses them. */
final class Target implements AutoCloseable {

	final Queue<Socket> accepted = new ConcurrentLinkedQueue<>();

	private final int port;

	private ServerSocket server;

	private Thread acceptor;

	Target() throws IOException {
		this.port = open(StablePorts.free());
	}

	private int open(int port) throws IOException {
		ServerSocket opened = new ServerSocket();
		opened.setReuseAddress(true);
		opened.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1024);
		this.server = opened;
		this.acceptor = new Thread(() -> accept(opened), "target");
		this.acceptor.setDaemon(true);
		this.acceptor.start();
		return opened.getLocalPort();
	}

	private void accept(ServerSocket opened) {
		while (!opened.isClosed()) {
			try {
				this.accepted.add(opened.accept());
			}
			catch (IOException ex) {
				// The test closes the port.
			}
		}
	}

	/** Refuses connections from now on. */
	void refuse() throws IOException {
		this.server.close();
		try {
			// Linux accepts connections as long as a thread is inside accept, even after
			// the socket was closed.
			this.acceptor.join();
		}
		catch (InterruptedException ex) {
			throw new InterruptedIOException("Interrupted before the port refused connections");
		}
	}

	/** Accepts connections again, at the same port. */
	void acceptAgain() {
		try {
			open(this.port);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	Instance instance(String id) {
		return Instance.of("orders", id, "127.0.0.1", this.port);
	}

	@Override
	public void close() throws IOException {
		this.server.close();
		for (Socket socket : this.accepted) {
			socket.close();
		}
	}

}
