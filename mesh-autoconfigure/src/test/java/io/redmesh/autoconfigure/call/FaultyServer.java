package io.redmesh.autoconfigure.call;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import io.redmesh.core.instance.Instance;

/** A server that accepts requests and never sends a proper response. */
public final class FaultyServer implements AutoCloseable {

	private static final String UNAVAILABLE = "HTTP/1.1 503 Busy\r\nContent-Length: 200000\r\n\r\n";

	private final AtomicInteger requests = new AtomicInteger();

	private final List<Socket> open = new CopyOnWriteArrayList<>();

	private final ServerSocket server;

	private final Fault fault;

	private FaultyServer(Fault fault) {
		this.fault = fault;
		try {
			this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		Thread acceptor = new Thread(this::accept, "faulty-server");
		acceptor.setDaemon(true);
		acceptor.start();
	}

	/** Returns a server that reads the request and then resets the connection. */
	public static FaultyServer resetting() {
		return new FaultyServer((socket) -> {
			socket.setSoLinger(true, 0);
			socket.close();
		});
	}

	/** Returns a server that closes the connection in the middle of a header. */
	public static FaultyServer endingInTheHeader() {
		return new FaultyServer((socket) -> {
			socket.getOutputStream().write("HTTP/1.1 200 OK\r\nContent-Le".getBytes(StandardCharsets.US_ASCII));
			socket.close();
		});
	}

	/** Returns a server that never responds. */
	public static FaultyServer silent() {
		return new FaultyServer((socket) -> {
		});
	}

	/** Returns a server that responds 503 and never ends the body. */
	public static FaultyServer stalling() {
		return new FaultyServer((socket) -> write(socket, UNAVAILABLE + "busy"));
	}

	/** Returns a server that responds 503 with a long body, which it sends slowly. */
	public static FaultyServer trickling() {
		return new FaultyServer((socket) -> {
			write(socket, UNAVAILABLE);
			Thread writer = new Thread(() -> trickle(socket), "trickle");
			writer.setDaemon(true);
			writer.start();
		});
	}

	private static void trickle(Socket socket) {
		try {
			while (!socket.isClosed()) {
				write(socket, "b");
				LockSupport.parkNanos(5_000_000);
			}
		}
		catch (IOException ex) {
			// The client has closed the connection.
		}
	}

	private static void write(Socket socket, String text) throws IOException {
		socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
		socket.getOutputStream().flush();
	}

	private void accept() {
		while (!this.server.isClosed()) {
			try {
				Socket socket = this.server.accept();
				this.open.add(socket);
				readHeader(socket.getInputStream());
				this.requests.incrementAndGet();
				this.fault.happen(socket);
			}
			catch (IOException ex) {
				// The loop accepts the next connection.
			}
		}
	}

	private static void readHeader(InputStream input) throws IOException {
		int matched = 0;
		while (matched < 4) {
			int read = input.read();
			if (read < 0) {
				throw new IOException("End of input");
			}
			matched = (read == "\r\n\r\n".charAt(matched)) ? matched + 1 : ((read == '\r') ? 1 : 0);
		}
	}

	public int requests() {
		return this.requests.get();
	}

	/** Tells whether all clients have closed their connections. */
	public boolean isEachConnectionClosed() {
		return this.open.stream().allMatch(FaultyServer::isClosed);
	}

	private static boolean isClosed(Socket socket) {
		try {
			socket.setSoTimeout(1);
			return socket.isClosed() || socket.getInputStream().read() < 0;
		}
		catch (SocketTimeoutException ex) {
			return false;
		}
		catch (IOException ex) {
			return true;
		}
	}

	public int port() {
		return this.server.getLocalPort();
	}

	public Instance instance(String service, String id) {
		return Instance.of(service, id, "127.0.0.1", port());
	}

	@Override
	public void close() throws IOException {
		this.server.close();
		for (Socket socket : this.open) {
			socket.close();
		}
	}

	@FunctionalInterface
	private interface Fault {

		void happen(Socket socket) throws IOException;

	}

}
