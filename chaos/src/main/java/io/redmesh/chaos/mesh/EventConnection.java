package io.redmesh.chaos.mesh;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** A watch on a socket of its own. Confined to one thread, except for {@link #close}. */
final class EventConnection implements AutoCloseable {

	private static final int CONNECT_TIMEOUT_MILLIS = 1000;

	private final Socket socket = new Socket();

	private final BufferedReader reader;

	private EventConnection(Server server, String path, Map<String, String> headers) throws IOException {
		try {
			this.socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()),
					CONNECT_TIMEOUT_MILLIS);
			setReadTimeout(Duration.ofSeconds(3));
			StringBuilder request = new StringBuilder(
					"GET " + path + " HTTP/1.1\r\nHost: registry\r\nAccept: text/event-stream\r\n");
			headers.forEach((name, value) -> request.append(name).append(": ").append(value).append("\r\n"));
			this.socket.getOutputStream().write(request.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
			InputStream input = new BufferedInputStream(this.socket.getInputStream());
			readHead(input);
			this.reader = new BufferedReader(new InputStreamReader(new ChunkedInput(input), StandardCharsets.UTF_8));
		}
		catch (IOException ex) {
			this.socket.close();
			throw ex;
		}
	}

	/**
	 * Opens a watch.
	 * @throws IOException if no server accepts the connection, or the server refuses
	 */
	static EventConnection open(Server server, String path, Map<String, String> headers) throws IOException {
		return new EventConnection(server, path, headers);
	}

	private static void readHead(InputStream input) throws IOException {
		StringBuilder head = new StringBuilder();
		while (head.indexOf("\r\n\r\n") < 0) {
			int next = input.read();
			if (next < 0) {
				throw new IOException("the connection ended before the response");
			}
			head.append((char) next);
		}
		if (!head.toString().startsWith("HTTP/1.1 200")) {
			throw new IOException(head.substring(0, head.indexOf("\r\n")));
		}
	}

	/** Sets how long to wait for the next line. */
	void setReadTimeout(Duration limit) throws IOException {
		this.socket.setSoTimeout((int) limit.toMillis());
	}

	/**
	 * Reads the next event.
	 * @return the event, or null when the server has ended the watch
	 */
	@Nullable Event next() throws IOException {
		String name = "";
		String id = "";
		StringBuilder data = new StringBuilder();
		for (String line = this.reader.readLine(); line != null; line = this.reader.readLine()) {
			if (line.isEmpty() && !data.isEmpty()) {
				return new Event(name, id, data.toString());
			}
			if (line.startsWith("event: ")) {
				name = line.substring("event: ".length());
			}
			else if (line.startsWith("id: ")) {
				id = line.substring("id: ".length());
			}
			else if (line.startsWith("data: ")) {
				data.append(line.substring("data: ".length()));
			}
		}
		return null;
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

	/** An event as the server sent it. */
	record Event(String name, String id, String data) {

	}

}
