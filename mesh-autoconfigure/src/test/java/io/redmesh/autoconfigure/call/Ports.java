package io.redmesh.autoconfigure.call;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Ports that no client can connect to. */
public final class Ports {

	private static final Queue<Socket> taken = new ConcurrentLinkedQueue<>();

	private Ports() {
	}

	/**
	 * Returns a port that refuses connections. It is bound and never listened to, so that
	 * no server gets it while the test runs.
	 */
	public static int closed() throws IOException {
		Socket socket = new Socket();
		socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
		taken.add(socket);
		return socket.getLocalPort();
	}

	/** Returns a port whose connection queue is full, so that further clients wait. */
	static Full full() throws IOException {
		ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
		List<Socket> queued = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			Socket socket = new Socket();
			try {
				socket.connect(new InetSocketAddress(server.getInetAddress(), server.getLocalPort()), 200);
				queued.add(socket);
			}
			catch (SocketTimeoutException ex) {
				return new Full(server, queued);
			}
		}
		throw new IOException("The queue does not fill");
	}

	record Full(ServerSocket server, List<Socket> queued) implements AutoCloseable {

		int port() {
			return this.server.getLocalPort();
		}

		@Override
		public void close() throws IOException {
			for (Socket socket : this.queued) {
				socket.close();
			}
			this.server.close();
		}

	}

}
