package io.redmesh.registry.rest;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;

import io.redmesh.core.registry.Cursor;
import io.redmesh.registry.TestServer;
import io.redmesh.registry.TestServer.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

/**
 * The contract of connections that are kept alive: the server responds to each request
 * that was sent whole, in whatever order and pieces requests arrive. They arrive many at
 * once, one while another waits, cut, or byte by byte. {@code -Dkeepalive.rounds=1000}
 * runs longer.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class KeepAliveContract {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final int ROUNDS = Integer.getInteger("keepalive.rounds", 60);

	private static final String NAMESPACE = "/v1/namespaces/default";

	private static final String RULE = NAMESPACE + "/rules/DestinationRule/orders";

	private static final String YAML = "Content-Type: application/yaml\r\n";

	private static final String INSTANCE = NAMESPACE + "/services/orders/instances/a";

	private TestServer server;

	private List<Sent> requests;

	private Sent waiting;

	/** Starts a server on the store under test. */
	abstract TestServer server() throws Exception;

	@BeforeAll
	void start() throws Exception {
		this.server = server();
		Answer registered = this.server.put(NAMESPACE + "/services/orders/instances/b",
				"{\"host\":\"10.0.0.7\",\"port\":8080}");
		String token = registered.json().at("/lease/token").stringValue();
		String lease = "Mesh-Lease: " + token + "\r\n";
		String other = NAMESPACE + "/services/orders/instances/b";
		this.requests = List.of(new Sent("PUT", INSTANCE, "", "{\"host\":\"10.0.0.7\",\"port\":8080}"),
				new Sent("POST", other + "/heartbeat", lease, ""), new Sent("PUT", other + "/status", lease, status()),
				new Sent("POST", NAMESPACE + "/heartbeats", "", heartbeats(token)),
				new Sent("PUT", other + "/override", "", "{\"weight\":3}"),
				new Sent("DELETE", other + "/override", "", ""),
				new Sent("DELETE", INSTANCE, "Mesh-Lease: 1-a\r\n", ""),
				new Sent("GET", NAMESPACE + "/services", "", ""),
				new Sent("GET", NAMESPACE + "/services/orders", "", ""), new Sent("HEAD", NAMESPACE + "/watch", "", ""),
				new Sent("POST", NAMESPACE + "/hints", "",
						"{\"refused\":[{\"service\":\"orders\",\"id\":\"b\",\"fence\":1}]}"),
				new Sent("GET", NAMESPACE + "/export", "", ""), new Sent("HEAD", NAMESPACE + "/export", "", ""),
				new Sent("POST", NAMESPACE + "/import", "Content-Type: application/x-ndjson\r\n",
						"{\"service\":\"stock\",\"id\":\"a\",\"host\":\"10.0.0.8\",\"port\":80}\n"),
				new Sent("PUT", RULE, YAML, rule()), new Sent("GET", RULE, "", ""), new Sent("DELETE", RULE, "", ""),
				new Sent("GET", RULE + "/history", "", ""), new Sent("POST", RULE + "/rollback", "", ""),
				new Sent("GET", NAMESPACE + "/rules", "", ""), new Sent("GET", NAMESPACE + "/rules:status", "", ""),
				new Sent("POST", NAMESPACE + "/rules:apply", YAML, rule()),
				new Sent("POST", NAMESPACE + "/rules:analyze", YAML, rule()),
				new Sent("GET", "/v1/sd/prometheus", "", ""), new Sent("GET", "/openapi", "", ""),
				new Sent("GET", "/actuator/health", "", ""), new Sent("GET", "/nowhere", "", ""));
		String later = Cursor.parse(registered.json().path("cursor").stringValue()).at(1_000_000).toString();
		this.waiting = new Sent("GET", NAMESPACE + "/services/orders?cursor=" + later, "", "");
	}

	private static String rule() {
		return "apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: orders}\n"
				+ "spec: {host: orders, subsets: [{name: v1, labels: {version: v1}}]}\n";
	}

	private static String status() {
		return "{\"status\":\"UP\"}";
	}

	private static String heartbeats(String token) {
		return "{\"leases\":[{\"service\":\"orders\",\"id\":\"b\",\"token\":\"" + token + "\"}]}";
	}

	@AfterAll
	void stop() {
		this.server.close();
	}

	@Test
	void allEndpointsAreAsked() {
		Set<String> there = new TreeSet<>();
		this.server.beans(Operations.class).forEach((endpoints) -> there.addAll(endpoints.lines()));
		for (String line : there) {
			String[] methodAndPath = line.split(" ");
			PathTemplate template = PathTemplate.parse(methodAndPath[1]);
			assertThat(this.requests).as(line)
				.anyMatch((request) -> template.match(PathTemplate.split(request.path)) != null
						&& (request.method.equals(methodAndPath[0])
								|| (request.method.equals("HEAD") && methodAndPath[0].equals("GET"))));
		}
	}

	@ParameterizedTest
	@EnumSource(Way.class)
	void whatWasSentWholeIsAnswered(Way way) throws Exception {
		long seed = Long.getLong("keepalive.seed", ThreadLocalRandom.current().nextLong());
		Random random = new Random(seed);
		for (int round = 0; round < ROUNDS; round++) {
			List<Sent> chosen = new ArrayList<>();
			// Each request comes first in turn; those after it are drawn.
			for (int i = 0; i < 2 + random.nextInt(4); i++) {
				chosen.add(this.requests
					.get((i == 0) ? round % this.requests.size() : random.nextInt(this.requests.size())));
			}
			try {
				way.play(this, chosen, random);
			}
			catch (IOException ex) {
				fail("seed %d, round %d, %s %s".formatted(seed, round, way, chosen), ex);
			}
		}
	}

	private RawConnection connection() throws IOException {
		return new RawConnection(this.server.port(), PATIENCE);
	}

	private static void assertAnswered(RawConnection connection, List<Sent> requests) throws IOException {
		for (Sent request : requests) {
			// A server may respond 503 for one TTL after its start.
			assertThat(connection.readResponse(request.method)).as("status of %s", request)
				.matches((status) -> status < 500 || status == 503);
		}
	}

	/** The ways in which requests follow one another on a connection. */
	enum Way {

		/** All requests at once, and one more after the last response. */
		PIPELINED {
			@Override
			void play(KeepAliveContract test, List<Sent> requests, Random random) throws IOException {
				try (RawConnection connection = test.connection()) {
					connection.write(together(requests));
					assertAnswered(connection, requests);
					connection.write(requests.get(0).text());
					assertAnswered(connection, requests.subList(0, 1));
				}
			}
		},

		/** More requests while the first one waits. */
		INTERLEAVED {
			@Override
			void play(KeepAliveContract test, List<Sent> requests, Random random) throws IOException {
				try (RawConnection connection = test.connection()) {
					Sent first = (random.nextInt(10) == 0) ? test.waiting : requests.get(0);
					connection.write(first.text());
					for (Sent request : requests) {
						Thread.yield();
						connection.write(request.text());
					}
					assertAnswered(connection, List.of(first));
					assertAnswered(connection, requests);
					for (Sent request : requests) {
						connection.write(request.text());
						assertAnswered(connection, List.of(request));
					}
				}
			}
		},

		/** Whole requests, then one that is cut in the middle and gets no response. */
		CUT {
			@Override
			void play(KeepAliveContract test, List<Sent> requests, Random random) throws IOException {
				try (RawConnection connection = test.connection()) {
					String text = requests.get(0).text();
					List<Sent> whole = requests.subList(1, requests.size());
					connection.write(together(whole) + text.substring(0, 1 + random.nextInt(text.length() - 1)));
					if (random.nextBoolean()) {
						assertAnswered(connection, whole);
					}
					connection.abort();
				}
				try (RawConnection connection = test.connection()) {
					connection.write(together(requests));
					assertAnswered(connection, requests);
				}
			}
		},

		/** Each byte in a write of its own. */
		BYTE_BY_BYTE {
			@Override
			void play(KeepAliveContract test, List<Sent> requests, Random random) throws IOException {
				try (RawConnection connection = test.connection()) {
					connection.writeByteByByte(together(requests));
					assertAnswered(connection, requests);
				}
			}
		};

		abstract void play(KeepAliveContract test, List<Sent> requests, Random random) throws IOException;

		private static String together(List<Sent> requests) {
			StringBuilder text = new StringBuilder();
			requests.forEach((request) -> text.append(request.text()));
			return text.toString();
		}

	}

	private record Sent(String method, String path, String headers, String body) {

		String text() {
			String length = this.body.isEmpty() ? "" : "Content-Length: " + this.body.length() + "\r\n";
			return this.method + " " + this.path + " HTTP/1.1\r\nHost: registry\r\n" + this.headers + length + "\r\n"
					+ this.body;
		}

		@Override
		public String toString() {
			return this.method + " " + this.path;
		}

	}

}
