package io.redmesh.registry.watch;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import io.redmesh.registry.TestServer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A watch on a socket of its own, which a test reads at its own pace. */
public final class EventStream implements AutoCloseable {

	private static final JsonMapper JSON = new JsonMapper();

	private final Socket socket;

	private final BufferedReader reader;

	private final List<String> head = new ArrayList<>();

	private EventStream(Socket socket) throws IOException {
		this.socket = socket;
		this.reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
		for (String line = this.reader.readLine(); line != null && !line.isEmpty(); line = this.reader.readLine()) {
			this.head.add(line);
		}
	}

	/** Opens a watch and reads the head of the response, but no events. */
	public static EventStream open(TestServer server, String namespace, String query, String... headers)
			throws IOException {
		Socket socket = new Socket();
		socket.setReceiveBufferSize(4096);
		socket.connect(new InetSocketAddress("127.0.0.1", server.port()));
		socket.setSoTimeout(5000);
		StringBuilder request = new StringBuilder(
				"GET /v1/namespaces/" + namespace + "/watch" + query + " HTTP/1.1\r\nHost: x\r\n");
		for (int i = 0; i < headers.length; i += 2) {
			request.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
		}
		socket.getOutputStream().write((request + "\r\n").getBytes(StandardCharsets.US_ASCII));
		return new EventStream(socket);
	}

	public List<String> head() {
		return this.head;
	}

	/** Reads the next event. Returns null when the response has ended. */
	public Event next() throws IOException {
		String event = null;
		String id = null;
		for (String line = line(); line != null; line = line()) {
			if (line.startsWith("event: ")) {
				event = line.substring(7);
			}
			else if (line.startsWith("id: ")) {
				id = line.substring(4);
			}
			else if (line.startsWith("data: ")) {
				return new Event(event, id, JSON.readTree(line.substring(6)));
			}
		}
		return null;
	}

	/** Reads the next event that is no ping. */
	public Event nextNews() throws IOException {
		Event event = next();
		while (event != null && event.name().equals("ping")) {
			event = next();
		}
		return event;
	}

	/** Tells whether the next two events are pings. */
	boolean isSilent() throws IOException {
		return next().name().equals("ping") && next().name().equals("ping");
	}

	/**
	 * Reads a line, which may be the size of a chunk. Returns null at the last chunk,
	 * whose size is 0.
	 */
	private String line() throws IOException {
		String line = this.reader.readLine();
		return "0".equals(line) ? null : line;
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

	/** An event as the server sent it. */
	public record Event(String name, String id, JsonNode data) {

		List<String> instances(String service) {
			return this.data.at("/services/" + service).findValuesAsString("id");
		}

	}

}
