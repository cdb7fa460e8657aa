package io.redmesh.registry.rest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A client that sends what no client should send, drawn by a seed: paths, encodings,
 * bodies, nesting and sizes. It also sends many requests at once, and leaves connections
 * half open.
 */
final class HostileClient {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final String NAMESPACE = "/v1/namespaces/default";

	private static final String INSTANCE = NAMESPACE + "/services/orders/instances/";

	private static final List<String> PATHS = List.of("/", "//", "/\"", "/<script>", "/{x}", "/%", "/%zz", "/%00",
			"/..", "/../..", "/a/%2e%2e/b", "/%C0%AF", "/\\", "/|", "/^`", "/v1", "/v1/", "/v1/namespaces//services",
			"/v1/namespaces/%20/services", "/v1/namespaces/" + "n".repeat(300) + "/services",
			NAMESPACE + "/services/%2F", NAMESPACE + "/services/\u0000", NAMESPACE + "/services/orders?zone=%zz",
			NAMESPACE + "/services/orders?label=", NAMESPACE + "/services/orders?status=%FF",
			NAMESPACE + "/services?cursor=a.b.c", NAMESPACE + "/services?cursor=-1.-1.-1",
			NAMESPACE + "/watch?instance=x", NAMESPACE + "/services/orders?" + "a=b&".repeat(4000), "/actuator/{x}",
			"/actuator/%", "/actuator/health?\"", "/actuator/health/\"", "/actuator/env/\u0001", "/favicon.ico",
			"http://registry" + NAMESPACE + "/services", "http://registry:8761/openapi", "HTTP://x/\"", "ftp://x/y",
			"*", "openapi", "?", "#", NAMESPACE + "/services#x");

	private static final List<String> METHODS = List.of("GET", "GET", "GET", "PUT", "POST", "DELETE", "HEAD", "OPTIONS",
			"TRACE", "PATCH", "CONNECT", "get", "BREW");

	private static final List<Function<Random, String>> BODIES = List.of((random) -> "", (random) -> "{",
			(random) -> "[".repeat(1 + random.nextInt(5000)), (random) -> "{\"a\":".repeat(1 + random.nextInt(3000)),
			(random) -> "{\"host\":\"h\",\"port\":" + "9".repeat(1 + random.nextInt(3000)) + "}",
			(random) -> "{\"host\":\"h\",\"port\":1e" + random.nextInt(1_000_000_000) + "}",
			(random) -> "{\"host\":\"" + "h".repeat(random.nextInt(100_000)) + "\",\"port\":1}",
			(random) -> "{\"host\":\"h\",\"port\":1,\"metadata\":{" + "\"k\":\"v\",".repeat(random.nextInt(500))
					+ "\"k\":1}}",
			(random) -> "{\"host\":\"h\",\"host\":\"i\",\"port\":1}", (random) -> "\u00ff\u0000\u0001",
			(random) -> "null", (random) -> "\"" + "\\ud800".repeat(random.nextInt(1000)) + "\"",
			(random) -> "\n".repeat(random.nextInt(200_000)),
			(random) -> "{\"leases\":[" + "{},".repeat(random.nextInt(2000)) + "{}]}",
			(random) -> "{\"status\":\"" + "U".repeat(random.nextInt(1000)) + "\"}",
			(random) -> "{\"weight\":-" + random.nextInt(10) + "}", (random) -> noise(random, random.nextInt(3000)));

	private static final List<String> HEADERS = List.of("", "", "Mesh-Lease: 1-x\r\n", "Mesh-Lease: \u00ff\r\n",
			"Mesh-Lease: " + "9".repeat(150) + "-x\r\n", "Mesh-Incarnation: X\r\n", "Accept: \"\r\n",
			"Accept: a/b;q=0, */*;q=2\r\n", "Content-Type: \r\n", "Content-Type: /;=\r\n",
			"Content-Type: application/x-ndjson\r\n", "Last-Event-ID: ~\r\n", "If-None-Match: \"\r\n",
			"X-Long: " + "x".repeat(4000) + "\r\n", "X-Huge: " + "x".repeat(100_000) + "\r\n", "no colon\r\n",
			": no name\r\n", "Transfer-Encoding: gzip\r\n", "Content-Length: 1\r\nContent-Length: 2\r\n",
			"Content-Length: -1\r\n", "Content-Length: 99999999999999999999\r\n", "Expect: 100-continue\r\n",
			"Expect: nothing\r\n", "Connection: close\r\n", "Upgrade: h2c\r\nConnection: Upgrade\r\n");

	private final int port;

	private final Random random;

	private final Map<Integer, Integer> statuses = new TreeMap<>();

	HostileClient(int port, long seed) {
		this.port = port;
		this.random = new Random(seed);
	}

	/**
	 * Returns the number of requests by the status of the response, 0 for no response.
	 */
	Map<Integer, Integer> statuses() {
		return this.statuses;
	}

	/** Sends one request, or a few on one connection. */
	void send() {
		try (RawConnection connection = new RawConnection(this.port, PATIENCE)) {
			int many = (this.random.nextInt(4) == 0) ? 1 + this.random.nextInt(8) : 1;
			StringBuilder text = new StringBuilder();
			for (int i = 0; i < many; i++) {
				text.append(request());
			}
			byte[] bytes = text.toString().getBytes(StandardCharsets.ISO_8859_1);
			switch (this.random.nextInt(8)) {
				case 0 -> {
					connection.write(Arrays.copyOf(bytes, this.random.nextInt(bytes.length + 1)));
					connection.abort();
				}
				case 1 -> {
					connection.write(Arrays.copyOf(bytes, this.random.nextInt(bytes.length + 1)));
					connection.end();
					countStatus(connection);
				}
				case 2 -> connection.write(bytes);
				default -> {
					connection.write(bytes);
					connection.end();
					countStatus(connection);
				}
			}
		}
		catch (IOException ex) {
			// The server refused the connection, or closed it in the middle of a request.
		}
	}

	private void countStatus(RawConnection connection) {
		int status;
		try {
			status = connection.readResponse("HEAD");
		}
		catch (IOException | RuntimeException ex) {
			status = 0;
		}
		this.statuses.merge(status, 1, Integer::sum);
	}

	private String request() {
		if (this.random.nextInt(20) == 0) {
			return noise(this.random, this.random.nextInt(2000));
		}
		String body = draw(BODIES).apply(this.random);
		String length = (this.random.nextInt(10) == 0) ? "Content-Length: " + this.random.nextInt(100) + "\r\n"
				: "Content-Length: " + body.length() + "\r\n";
		if (this.random.nextInt(10) == 0) {
			length = "Transfer-Encoding: chunked\r\n";
			body = (this.random.nextBoolean() ? Integer.toHexString(body.length()) : "zz") + "\r\n" + body
					+ "\r\n0\r\n\r\n";
		}
		return draw(METHODS) + " " + path() + " "
				+ draw(List.of("HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.0", "HTTP/9.9")) + "\r\nHost: registry\r\n"
				+ draw(HEADERS) + length + "\r\n" + body;
	}

	private String path() {
		if (this.random.nextBoolean()) {
			return draw(PATHS);
		}
		String instance = INSTANCE + draw(List.of("a", "b", "%20", "a%2Fb", "\"", "a".repeat(300), "%"));
		return draw(List.of(instance, instance + "/heartbeat", instance + "/status", instance + "/override",
				NAMESPACE + "/heartbeats", NAMESPACE + "/hints", NAMESPACE + "/import", NAMESPACE + "/export",
				NAMESPACE + "/services", NAMESPACE + "/services/orders", "/v1/sd/prometheus", "/openapi"));
	}

	private static String noise(Random random, int length) {
		byte[] bytes = new byte[length];
		random.nextBytes(bytes);
		return new String(bytes, StandardCharsets.ISO_8859_1);
	}

	private <T> T draw(List<T> all) {
		return all.get(this.random.nextInt(all.size()));
	}

}
