package io.redmesh.autoconfigure.call;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.redmesh.core.instance.Instance;
import org.jspecify.annotations.Nullable;

/**
 * A server that treats each attempt as its path says. {@code /reset/busy/fine} resets the
 * connection of the first attempt, answers the second with 503, and the third with 200.
 */
final class FatefulServer implements AutoCloseable {

	private static final String HALF_BODY = "HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n";

	private final Set<Socket> open = ConcurrentHashMap.newKeySet();

	private final CountDownLatch closed = new CountDownLatch(1);

	private final AtomicInteger requests = new AtomicInteger();

	private final ServerSocket server;

	FatefulServer() {
		try {
			this.server = new ServerSocket(0, 500, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		start(this::accept);
	}

	private static void start(Runnable task) {
		Thread thread = new Thread(task, "fateful-server");
		thread.setDaemon(true);
		thread.start();
	}

	private void accept() {
		while (!this.server.isClosed()) {
			try {
				Socket socket = this.server.accept();
				this.open.add(socket);
				start(() -> serve(socket));
			}
			catch (IOException ex) {
				// The server is closed, or accepts the next connection.
			}
		}
	}

	private void serve(Socket socket) {
		try (socket) {
			InputStream input = new BufferedInputStream(socket.getInputStream());
			for (Request request = Request.read(input); request != null; request = Request.read(input)) {
				this.requests.incrementAndGet();
				happen(request.fate(), socket, socket.getOutputStream());
			}
		}
		catch (IOException | InterruptedException ex) {
			// The connection has ended.
		}
		finally {
			this.open.remove(socket);
		}
	}

	private void happen(Fate fate, Socket socket, OutputStream output) throws IOException, InterruptedException {
		switch (fate) {
			case FINE -> answer(output, "200 OK", "", "fine");
			case LATE -> {
				pause(15);
				answer(output, "200 OK", "", "late");
			}
			case LATE_BODY -> {
				write(output, HALF_BODY);
				pause(15);
				output.write(new byte[200_000]);
				output.flush();
			}
			case HALF_BODY -> {
				write(output, HALF_BODY + "half");
				socket.close();
			}
			case RESET_BODY -> {
				write(output, HALF_BODY + "half");
				reset(socket);
			}
			case RESET -> reset(socket);
			case CLOSED -> socket.close();
			case SILENT -> this.closed.await();
			case BUSY -> answer(output, "503 Busy", "", "busy");
			case BACK_SOON -> answer(output, "503 Busy", "Retry-After: 0\r\n", "");
			case RELAYED -> answer(output, "502 Broken", "Mesh-Failed-At: stock\r\n", "relayed");
			case STRANGER -> answer(output, "421 Misdirected", "Mesh-Refused: orders\r\n", "");
			case SHED -> answer(output, "503 Busy", "Retry-After: 1\r\nMesh-Refused: orders\r\n", "");
			case EXPIRED -> answer(output, "504 Late", "Mesh-Refused: orders\r\n", "");
			case FORBIDDEN -> answer(output, "403 Forbidden", "", "forbidden");
			case FAILED -> answer(output, "500 Failed", "", "failed");
		}
	}

	private static void answer(OutputStream output, String status, String headers, String body) throws IOException {
		write(output, "HTTP/1.1 " + status + "\r\n" + headers + "Content-Length: " + body.length() + "\r\n\r\n" + body);
	}

	private static void write(OutputStream output, String text) throws IOException {
		output.write(text.getBytes(StandardCharsets.US_ASCII));
		output.flush();
	}

	private static void reset(Socket socket) throws IOException {
		socket.setSoLinger(true, 0);
		socket.close();
	}

	private void pause(int millis) throws InterruptedException {
		this.closed.await(millis, TimeUnit.MILLISECONDS);
	}

	int requests() {
		return this.requests.get();
	}

	Instance instance(String service, String id) {
		return Instance.of(service, id, "127.0.0.1", this.server.getLocalPort());
	}

	@Override
	public void close() throws IOException {
		this.server.close();
		this.closed.countDown();
		for (Socket socket : this.open) {
			socket.close();
		}
	}

	/** The fate of an attempt. */
	enum Fate {

		FINE, LATE, LATE_BODY, HALF_BODY, RESET_BODY, RESET, CLOSED, SILENT, BUSY, BACK_SOON, RELAYED, STRANGER, SHED,
		EXPIRED, FORBIDDEN, FAILED

	}

	/** A request that has been read with its body. */
	private record Request(Fate fate) {

		static @Nullable Request read(InputStream input) throws IOException {
			String line = line(input);
			if (line == null) {
				return null;
			}
			String[] fates = line.split(" ")[1].substring(1).split("/");
			int attempt = 1;
			int length = 0;
			boolean chunked = false;
			for (String header = line(input); header != null && !header.isEmpty(); header = line(input)) {
				String lower = header.toLowerCase(Locale.ROOT);
				String value = lower.substring(lower.indexOf(':') + 1).strip();
				if (lower.startsWith("mesh-attempt:")) {
					attempt = Integer.parseInt(value);
				}
				else if (lower.startsWith("content-length:")) {
					length = Integer.parseInt(value);
				}
				chunked |= lower.startsWith("transfer-encoding:") && value.equals("chunked");
			}
			readBody(input, length, chunked);
			return new Request(Fate.valueOf(fates[(attempt - 1) % fates.length].toUpperCase(Locale.ROOT)));
		}

		private static void readBody(InputStream input, int length, boolean chunked) throws IOException {
			input.skipNBytes(length);
			if (chunked) {
				int size;
				do {
					String line = line(input);
					if (line == null) {
						throw new IOException("End of input");
					}
					size = Integer.parseInt(line, 16);
					input.skipNBytes(size + 2L);
				}
				while (size > 0);
			}
		}

		private static @Nullable String line(InputStream input) throws IOException {
			StringBuilder line = new StringBuilder();
			for (int read = input.read(); read != '\n'; read = input.read()) {
				if (read < 0) {
					return null;
				}
				if (read != '\r') {
					line.append((char) read);
				}
			}
			return line.toString();
		}

	}

}
