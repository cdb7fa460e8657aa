package io.redmesh.autoconfigure;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A registry in memory for one test. It speaks the part of {@code docs/reference/rest.md}
 * that an app uses. It can be made to misbehave as the real registry should not.
 */
public final class TestRegistry implements AutoCloseable {

	private static final JsonMapper mapper = JsonMapper.shared();

	private final List<OutputStream> watchers = new CopyOnWriteArrayList<>();

	/** Each request as {@code METHOD path}. */
	public final List<String> requests = new CopyOnWriteArrayList<>();

	/** Each {@code Last-Event-ID} of a watch. */
	public final List<String> resumes = new CopyOnWriteArrayList<>();

	private final Map<String, ObjectNode> instances = new TreeMap<>();

	private final Map<String, String> tokens = new TreeMap<>();

	private final String lineage = UUID.randomUUID().toString();

	private final ExecutorService executor = Executors.newCachedThreadPool((task) -> {
		Thread thread = new Thread(task, "test-registry");
		thread.setDaemon(true);
		return thread;
	});

	private final HttpServer server;

	/** Each revision of traffic rules that an instance has reported. */
	public final List<String> reports = new CopyOnWriteArrayList<>();

	private long revision;

	private ObjectNode rules;

	private boolean old;

	private volatile boolean unavailable;

	public TestRegistry() {
		this(0);
	}

	public TestRegistry(int port) {
		try {
			this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.server.setExecutor(this.executor);
		this.server.createContext("/v1/namespaces/default/", this::handle);
		this.server.start();
	}

	public int port() {
		return this.server.getAddress().getPort();
	}

	public String url() {
		return "http://127.0.0.1:" + port();
	}

	public void unavailable(boolean unavailable) {
		this.unavailable = unavailable;
	}

	/** Returns the instance as the registry holds it, or null. */
	public synchronized ObjectNode instance(String key) {
		return this.instances.get(key);
	}

	public synchronized List<String> keys() {
		return List.copyOf(this.instances.keySet());
	}

	/** Forgets an instance as if its lease had expired. */
	public synchronized void forget(String key) {
		this.instances.remove(key);
		this.tokens.remove(key);
		changed(key, null, "EXPIRED");
	}

	/**
	 * Gives an id to another process, so that the lease token of its owner is refused.
	 */
	public synchronized void takeOver(String key) {
		this.tokens.put(key, "of another process");
	}

	/** Registers an instance that sends no heartbeats. */
	public synchronized void put(String service, String id, String host, int port) {
		put(service, id, host, port, Map.of());
	}

	/** Registers an instance that has labels and sends no heartbeats. */
	public synchronized void put(String service, String id, String host, int port, Map<String, String> labels) {
		ObjectNode instance = mapper.createObjectNode();
		instance.put("host", host).put("port", port).put("status", "UP");
		labels.forEach(instance.putObject("labels")::put);
		hold(service, id, instance);
	}

	/** Makes this a registry of a version that knows no traffic rules. */
	public synchronized void knowsNoRules() {
		this.old = true;
	}

	/** Replaces all traffic rules. The documents are not checked. */
	public synchronized void rules(String revision, List<? extends Map<String, ?>> documents) {
		this.revision++;
		this.rules = mapper.createObjectNode().put("cursor", cursor()).put("complete", true);
		this.rules.put("revision", revision);
		for (Map<String, ?> document : documents) {
			ObjectNode tree = (ObjectNode) mapper.valueToTree(document);
			this.rules.withArray("/rules")
				.addObject()
				.put("kind", tree.path("kind").asString())
				.put("name", tree.path("metadata").path("name").asString())
				.put("generation", Long.parseLong(revision))
				.put("compatibility", "FRIENDLY")
				.set("document", tree);
		}
		this.watchers.forEach(this::sendRules);
	}

	private void handle(HttpExchange exchange) throws IOException {
		String[] path = exchange.getRequestURI().getPath().substring("/v1/namespaces/default/".length()).split("/");
		this.requests.add(exchange.getRequestMethod() + " " + String.join("/", path));
		byte[] body = exchange.getRequestBody().readAllBytes();
		if (this.unavailable) {
			problem(exchange, 503, "store-unavailable");
		}
		else if (path[0].equals("watch")) {
			watch(exchange);
		}
		else {
			instance(exchange, path, body);
		}
	}

	private synchronized void instance(HttpExchange exchange, String[] path, byte[] body) throws IOException {
		String key = path[1] + "/" + path[3];
		String token = exchange.getRequestHeaders().getFirst("Mesh-Lease");
		String known = this.tokens.get(key);
		String action = exchange.getRequestMethod() + ((path.length > 4) ? " " + path[4] : "");
		if (known != null && token != null && !known.equals(token)) {
			problem(exchange, 409, "superseded");
		}
		else if (action.equals("PUT")) {
			register(exchange, path[1], path[3], mapper.readValue(body, ObjectNode.class));
		}
		else if (action.equals("DELETE")) {
			if (this.instances.remove(key) != null) {
				this.tokens.remove(key);
				changed(key, null, "DEREGISTERED");
			}
			exchange.sendResponseHeaders(204, -1);
			exchange.close();
		}
		else if (known == null) {
			problem(exchange, 404, "unknown-lease");
		}
		else if (action.equals("POST heartbeat") && body.length > 0 && this.old) {
			problem(exchange, 400, "unknown-field");
		}
		else {
			if (action.equals("POST heartbeat") && body.length > 0) {
				this.reports.add(mapper.readTree(body).path("rules").asString());
			}
			if (action.equals("PUT status")) {
				ObjectNode instance = this.instances.get(key);
				instance.put("status", mapper.readTree(body).path("status").asString());
				changed(key, instance, null);
			}
			answer(exchange, 200, mapper.createObjectNode().put("cursor", cursor()).put("renewEvery", "PT0.2S"));
		}
	}

	private void register(HttpExchange exchange, String service, String id, ObjectNode instance) throws IOException {
		String key = service + "/" + id;
		ObjectNode before = this.instances.get(key);
		instance.remove("ttl");
		hold(service, id, instance);
		ObjectNode answer = mapper.createObjectNode().put("cursor", cursor());
		answer.putObject("lease")
			.put("ttl", "PT15S")
			.put("renewEvery", "PT0.2S")
			.put("token", this.tokens.get(key))
			.put("fence", instance.path("fence").asLong());
		answer(exchange, (before == null) ? 201 : 200, answer);
	}

	private void hold(String service, String id, ObjectNode instance) {
		String key = service + "/" + id;
		String token = this.tokens.computeIfAbsent(key, (unused) -> UUID.randomUUID().toString());
		instance.put("service", service).put("id", id).put("fence", token.hashCode() & 0xffff);
		this.instances.put(key, instance);
		changed(key, instance, null);
	}

	private void changed(String key, JsonNode instance, String gone) {
		this.revision++;
		int slash = key.indexOf('/');
		ObjectNode change = mapper.createObjectNode().put("service", key.substring(0, slash));
		change.put("id", key.substring(slash + 1));
		if (instance != null) {
			change.set("instance", instance);
		}
		else {
			change.put("gone", gone);
		}
		ObjectNode delta = mapper.createObjectNode().put("cursor", cursor());
		delta.putArray("changes").add(change);
		this.watchers.forEach((watcher) -> send(watcher, "delta", delta));
	}

	private synchronized void watch(HttpExchange exchange) throws IOException {
		String resume = exchange.getRequestHeaders().getFirst("Last-Event-ID");
		if (resume != null) {
			this.resumes.add(resume);
		}
		exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
		exchange.sendResponseHeaders(200, 0);
		OutputStream watcher = exchange.getResponseBody();
		this.watchers.add(watcher);
		ObjectNode snapshot = mapper.createObjectNode().put("cursor", cursor()).put("complete", true);
		ObjectNode services = snapshot.putObject("services");
		this.instances.forEach((key, instance) -> services.withArray("/" + key.substring(0, key.indexOf('/')))
			.add(instance.deepCopy()));
		send(watcher, "ping", mapper.createObjectNode());
		boolean asked = String.valueOf(exchange.getRequestURI().getQuery()).contains("rules=true");
		if (asked && this.rules != null) {
			sendRules(watcher);
		}
		send(watcher, "snapshot", snapshot);
	}

	private void send(OutputStream watcher, String event, JsonNode data) {
		write(watcher, "event: %s\nid: %s~what\ndata: %s\n\n".formatted(event, cursor(), data));
	}

	private void sendRules(OutputStream watcher) {
		if (!this.old) {
			write(watcher, "event: rules\ndata: %s\n\n".formatted(this.rules));
		}
	}

	private void write(OutputStream watcher, String frame) {
		try {
			watcher.write(frame.getBytes(StandardCharsets.UTF_8));
			watcher.flush();
		}
		catch (IOException ex) {
			this.watchers.remove(watcher);
		}
	}

	private String cursor() {
		return this.lineage + ".1." + this.revision;
	}

	private static void problem(HttpExchange exchange, int status, String type) throws IOException {
		answer(exchange, status,
				mapper.createObjectNode()
					.put("type", "urn:redmesh:problem:" + type)
					.put("title", type)
					.put("status", status)
					.put("detail", "by the test"));
	}

	private static void answer(HttpExchange exchange, int status, JsonNode json) throws IOException {
		byte[] body = json.toString().getBytes(StandardCharsets.UTF_8);
		exchange.sendResponseHeaders(status, body.length);
		exchange.getResponseBody().write(body);
		exchange.close();
	}

	@Override
	public void close() {
		this.server.stop(0);
		this.executor.shutdownNow();
	}

}
