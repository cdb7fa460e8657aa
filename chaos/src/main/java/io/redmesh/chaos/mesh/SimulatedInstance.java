package io.redmesh.chaos.mesh;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.redmesh.chaos.history.Act;
import io.redmesh.chaos.history.Act.Kind;
import io.redmesh.chaos.history.InstanceView;
import io.redmesh.chaos.history.Life;
import io.redmesh.chaos.mesh.RegistryCalls.Reply;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.Backoff;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * A simulated instance, which behaves as the loop of mesh-autoconfigure does. It
 * registers, renews, sends its changes, registers again after a loss, stays out when it
 * is superseded, and deregisters. Everything runs on the thread of its mesh.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a request that fails has a response, too
final class SimulatedInstance {

	private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(5));

	private static final int NEW_EPOCH_SPREAD_MILLIS = 3000;

	private static final Duration UNSURE = Duration.ofSeconds(30);

	private final SimulatedInstances mesh;

	private final Life life;

	private final Random random;

	private final ServerList servers;

	private final String incarnation;

	private final int port;

	private int weight = 100;

	private long unsureUntil = Long.MIN_VALUE;

	private int registeredWeight = -1;

	private @Nullable GrantedLease lease;

	private boolean mustRegister = true;

	private boolean busy;

	private boolean over;

	private boolean frozen;

	private final Queue<Runnable> whileFrozen = new ArrayDeque<>();

	private int failures;

	/** The number of the newest timer; older ones have no effect. */
	private long generation;

	SimulatedInstance(SimulatedInstances mesh, Life life, Random random, int port) {
		this.mesh = mesh;
		this.life = life;
		this.random = random;
		this.port = port;
		this.servers = new ServerList(mesh.servers(), random);
		this.incarnation = String.format("%016x%016x", random.nextLong(), random.nextLong());
	}

	Life life() {
		return this.life;
	}

	String incarnation() {
		return this.incarnation;
	}

	boolean isOver() {
		return this.over;
	}

	boolean isFrozen() {
		return this.frozen;
	}

	boolean isRegistered() {
		return this.lease != null;
	}

	void start() {
		reconcile();
	}

	void weigh(int weight) {
		unlessFrozen(() -> {
			this.weight = weight;
			reconcile();
		});
	}

	void doubt() {
		unlessFrozen(() -> {
			this.mustRegister = true;
			after(Duration.ofMillis(this.random.nextInt(NEW_EPOCH_SPREAD_MILLIS)));
		});
	}

	void freeze() {
		if (!this.over && !this.frozen) {
			this.frozen = true;
			note(Kind.FROZEN);
		}
	}

	void thaw() {
		if (this.frozen) {
			this.frozen = false;
			note(Kind.THAWED);
			while (!this.frozen && !this.whileFrozen.isEmpty()) {
				this.whileFrozen.remove().run();
			}
		}
	}

	void crash() {
		if (!this.over) {
			this.over = true;
			this.generation++;
			note(Kind.CRASHED);
		}
	}

	void leave() {
		if (this.over || this.frozen) {
			return;
		}
		this.over = true;
		this.generation++;
		note(Kind.LEAVING);
		GrantedLease held = this.lease;
		if (held != null) {
			send("PUT", "/status", held, JsonNodeFactory.instance.objectNode().put("status", "DRAINING"))
				.thenCompose((drained) -> send("DELETE", "", held, null))
				.thenAccept((done) -> left(done));
		}
	}

	private void left(Done done) {
		if (done.reply.status() == 204) {
			this.life.add(new Act(Kind.DEREGISTERED, done.sent, this.mesh.now(), null, null));
		}
	}

	private void reconcile() {
		this.generation++;
		if (this.over || this.busy) {
			return;
		}
		this.busy = true;
		GrantedLease held = this.lease;
		int sentWeight = this.weight;
		boolean renews = held != null && !this.mustRegister && sentWeight == this.registeredWeight
				&& this.mesh.now() >= this.unsureUntil;
		CompletableFuture<Done> done = renews ? send("POST", "/heartbeat", held, null)
				: send("PUT", "", held, registration(sentWeight));
		done.thenAccept((answer) -> unlessFrozen(() -> answered(answer, sentWeight)));
	}

	private void answered(Done done, int sentWeight) {
		this.busy = false;
		if (this.over) {
			undo(done);
		}
		else if (done.reply.status() == 200 || done.reply.status() == 201) {
			this.lease = (done.granted != null) ? done.granted : this.lease;
			this.registeredWeight = sentWeight;
			this.mustRegister = false;
			this.failures = 0;
			if (this.weight != sentWeight) {
				reconcile();
			}
			else if (this.lease != null) {
				double jitter = 0.9 + 0.2 * this.random.nextDouble();
				after(Duration.ofNanos((long) (this.lease.renewEvery().toNanos() * jitter)));
			}
		}
		else if (done.reply.status() == 404) {
			this.mustRegister = true;
			if (this.failures++ == 0) {
				reconcile();
			}
			else {
				after(BACKOFF.delay(this.failures, this.random));
			}
		}
		else if (done.reply.status() == 409) {
			this.over = true;
			note(Kind.SUPERSEDED);
		}
		else {
			this.mustRegister = true;
			after(BACKOFF.delay(++this.failures, this.random));
		}
	}

	/**
	 * Ends a lease that was granted after the instance had left. Otherwise it would stay
	 * until the lease expires.
	 */
	private void undo(Done done) {
		if (done.granted != null && this.life.acts().stream().anyMatch((act) -> act.kind() == Kind.LEAVING)) {
			send("DELETE", "", done.granted, null);
		}
	}

	private JsonNode registration(int sentWeight) {
		return JsonNodeFactory.instance.objectNode()
			.put("host", "127.0.0.1")
			.put("port", this.port)
			.put("weight", sentWeight);
	}

	/**
	 * Sends a request to the server in use and, if that is unavailable, to the others.
	 */
	private CompletableFuture<Done> send(String method, String path, @Nullable GrantedLease held,
			@Nullable JsonNode body) {
		return attempt(method, path, held, body, Math.max(2, this.servers.size()));
	}

	private CompletableFuture<Done> attempt(String method, String path, @Nullable GrantedLease held,
			@Nullable JsonNode body, int triesLeft) {
		Map<String, String> headers = new HashMap<>();
		if (held != null) {
			headers.put("Mesh-Lease", held.token());
		}
		if (method.equals("PUT") && path.isEmpty()) {
			headers.put("Mesh-Incarnation", this.incarnation);
		}
		Server server = this.servers.current();
		long sent = this.mesh.now();
		String instance = "/services/" + this.life.service() + "/instances/" + this.life.id();
		return this.mesh.calls().send(server, method, instance + path, headers, body).thenCompose((reply) -> {
			Done done = new Done(sent, reply, GrantedLease.read(reply.body()));
			record(done, method.equals("DELETE"), body);
			if (!reply.isUnavailable()) {
				return CompletableFuture.completedFuture(done);
			}
			this.servers.failed(server);
			if (method.equals("PUT")) {
				// The server may still carry it out, after a later request.
				this.unsureUntil = this.mesh.now() + UNSURE.toNanos();
			}
			return (triesLeft > 1) ? attempt(method, path, held, body, triesLeft - 1)
					: CompletableFuture.completedFuture(done);
		});
	}

	private void record(Done done, boolean leaves, @Nullable JsonNode body) {
		Reply reply = done.reply;
		long now = this.mesh.now();
		Cursor cursor = cursor(reply);
		if (done.granted != null && body != null) {
			InstanceView view = InstanceView.of(this.life.service(), this.life.id(), done.granted.fence(), "UP",
					body.path("weight").asInt());
			this.life.add(new Act(Kind.REGISTERED, done.sent, now, view, cursor));
		}
		else if (reply.status() == 200) {
			this.life.add(new Act(Kind.RENEWED, done.sent, now, null, cursor));
		}
		else if (reply.status() == 404) {
			this.life.add(new Act(Kind.UNKNOWN, done.sent, now, null, null));
		}
		else if (reply.isUnavailable() && !leaves) {
			Kind kind = (reply.status() == 0) ? Kind.SILENCE : Kind.UNAVAILABLE;
			this.life.add(new Act(kind, done.sent, now, null, null));
		}
	}

	static @Nullable Cursor cursor(Reply reply) {
		return Cursor.parse(reply.body().path("cursor").asString(""));
	}

	private void after(Duration delay) {
		long mine = ++this.generation;
		this.mesh.loop().schedule(() -> unlessFrozen(() -> {
			if (mine == this.generation) {
				reconcile();
			}
		}), delay.toNanos(), TimeUnit.NANOSECONDS);
	}

	/**
	 * Runs a task on the thread of the mesh; for a frozen instance, when it is thawed.
	 */
	private void unlessFrozen(Runnable task) {
		this.mesh.loop().execute(() -> {
			if (this.frozen) {
				this.whileFrozen.add(task);
			}
			else {
				task.run();
			}
		});
	}

	private void note(Kind kind) {
		this.life.add(Act.of(kind, this.mesh.now()));
	}

	private record Done(long sent, Reply reply, @Nullable GrantedLease granted) {
	}

}
