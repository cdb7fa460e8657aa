package io.redmesh.chaos.mesh;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

import io.redmesh.chaos.history.Act;
import io.redmesh.chaos.history.Act.Kind;
import io.redmesh.chaos.history.History;
import io.redmesh.chaos.history.InstanceView;
import io.redmesh.chaos.history.Life;
import io.redmesh.chaos.mesh.RegistryCalls.Reply;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Registrations at a constant rate, whatever the responses. Processes that have ended
 * start again under their id, one after another, and register anew. A process that is not
 * registered when its turn comes tries again. The servers are used in turn.
 */
public final class Registrations implements AutoCloseable {

	private static final int SERVICES = 10;

	private final History history;

	private final List<Server> servers;

	private final int perSecond;

	private final Random random;

	private final ExecutorService http = Executors.newFixedThreadPool(2, SimulatedInstances.threads("registrations"));

	private final ScheduledExecutorService renewals = Executors
		.newSingleThreadScheduledExecutor(SimulatedInstances.threads("renewals"));

	private final RegistryCalls calls = new RegistryCalls(this.http);

	private final List<Place> places = new ArrayList<>();

	private final List<Answer> answers = Collections.synchronizedList(new ArrayList<>());

	private final AtomicLong crowded = new AtomicLong();

	private final Thread thread;

	private volatile boolean open = true;

	private volatile boolean settling;

	/**
	 * Starts the registrations.
	 * @param history records what is true
	 * @param servers the servers of the registry
	 * @param perSecond the number of registrations that are due in a second
	 * @param ids the number of ids
	 * @param seed the seed of all random choices
	 */
	public Registrations(History history, List<Server> servers, int perSecond, int ids, long seed) {
		this.history = history;
		this.servers = List.copyOf(servers);
		this.perSecond = perSecond;
		this.random = new Random(seed);
		for (int i = 0; i < ids; i++) {
			this.places.add(new Place("churn-" + i % SERVICES, "c" + i));
		}
		this.thread = SimulatedInstances.threads("registrations-clock").newThread(this::run);
		this.thread.start();
	}

	private void run() {
		long start = System.nanoTime();
		for (long turn = 0; this.open; turn++) {
			long due = start + turn * TimeUnit.SECONDS.toNanos(1) / this.perSecond;
			for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
				LockSupport.parkNanos(wait);
			}
			Server server = this.servers.get((int) (turn % this.servers.size()));
			this.places.get((int) (turn % this.places.size())).takeTurn(server);
		}
	}

	/** Returns all names that have been registered at least once. */
	public Set<String> names() {
		Set<String> names = new TreeSet<>();
		this.places.stream().filter((place) -> place.known).forEach((place) -> names.add(place.name()));
		return names;
	}

	/** Returns the results of the registrations that have ended so far. */
	public List<Answer> answers() {
		synchronized (this.answers) {
			return List.copyOf(this.answers);
		}
	}

	/** Counts the turns that were skipped because a registration was still in flight. */
	public long countCrowded() {
		return this.crowded.get();
	}

	/** Lets registered processes stay from now on, and renews their leases. */
	@SuppressWarnings("FutureReturnValueIgnored") // Goes on until it is closed.
	public void settle() {
		this.settling = true;
		this.renewals.scheduleWithFixedDelay(this::renew, 0, 4, TimeUnit.SECONDS);
	}

	/** Tells whether all processes are registered. */
	public boolean areRegistered() {
		return this.places.stream().allMatch(Place::isRegistered);
	}

	private void renew() {
		for (int from = 0; from < this.places.size(); from += 1000) {
			renew(this.places.subList(from, Math.min(from + 1000, this.places.size())));
		}
	}

	private void renew(List<Place> some) {
		ArrayNode leases = JsonNodeFactory.instance.arrayNode();
		some.forEach((place) -> place.addLease(leases));
		if (leases.isEmpty()) {
			return;
		}
		Server server = this.servers.get(0);
		Reply reply = this.calls
			.send(server, "POST", "/heartbeats", Map.of(), JsonNodeFactory.instance.objectNode().set("leases", leases))
			.join();
		reply.body()
			.path("unknown")
			.forEach((lost) -> some.stream()
				.filter((place) -> place.id.equals(lost.path("id").asString()))
				.forEach(Place::loseLease));
	}

	@Override
	public void close() {
		this.open = false;
		this.renewals.shutdownNow();
		try {
			this.thread.join(Duration.ofSeconds(5).toMillis());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.http.shutdownNow();
	}

	/**
	 * The result of a registration.
	 *
	 * @param server the name of the server
	 * @param sent when it was sent, in nanoseconds since the run began
	 * @param answered when the response came, or the request failed
	 * @param status the status of the response, 0 without a response
	 */
	public record Answer(String server, long sent, long answered, int status) {

		public boolean isAcknowledged() {
			return this.status == 200 || this.status == 201;
		}

	}

	/** An id, under which one process lives after another. */
	private final class Place {

		private final String service;

		private final String id;

		private @Nullable Life life;

		private @Nullable GrantedLease lease;

		private String incarnation = "";

		private int weight;

		private boolean busy;

		private volatile boolean known;

		Place(String service, String id) {
			this.service = service;
			this.id = id;
		}

		String name() {
			return this.service + "/" + this.id;
		}

		synchronized boolean isRegistered() {
			return this.lease != null && !this.busy;
		}

		synchronized void loseLease() {
			if (!this.busy) {
				this.lease = null;
			}
		}

		synchronized void addLease(ArrayNode leases) {
			if (this.lease != null) {
				leases.addObject().put("service", this.service).put("id", this.id).put("token", this.lease.token());
			}
		}

		@SuppressWarnings("FutureReturnValueIgnored") // Always completes, and is counted.
		synchronized void takeTurn(Server server) {
			if (this.busy) {
				Registrations.this.crowded.incrementAndGet();
				return;
			}
			if (this.lease != null && Registrations.this.settling) {
				return;
			}
			Life now = this.life;
			if (now == null || this.lease != null) {
				now = begin();
			}
			this.busy = true;
			Life current = now;
			long sent = Registrations.this.history.now();
			Registrations.this.calls
				.send(server, "PUT", "/services/" + this.service + "/instances/" + this.id,
						Map.of("Mesh-Incarnation", this.incarnation),
						JsonNodeFactory.instance.objectNode()
							.put("host", "127.0.0.1")
							.put("port", 0)
							.put("weight", this.weight))
				.thenAccept((reply) -> answered(server, current, sent, reply));
		}

		private Life begin() {
			long at = Registrations.this.history.now();
			if (this.life != null) {
				this.life.add(Act.of(Kind.CRASHED, at));
			}
			Life begun = Registrations.this.history.add(new Life(this.service, this.id, at));
			this.life = begun;
			this.lease = null;
			this.weight = 1 + Registrations.this.random.nextInt(1000);
			this.incarnation = String.format("%016x%016x", Registrations.this.random.nextLong(),
					Registrations.this.random.nextLong());
			return begun;
		}

		private synchronized void answered(Server server, Life current, long sent, Reply reply) {
			this.busy = false;
			this.lease = GrantedLease.read(reply.body());
			long now = Registrations.this.history.now();
			if (this.lease != null) {
				this.known = true;
				InstanceView view = InstanceView.of(this.service, this.id, this.lease.fence(), "UP", this.weight);
				current.add(new Act(Kind.REGISTERED, sent, now, view, SimulatedInstance.cursor(reply)));
			}
			else {
				current.add(new Act((reply.status() == 0) ? Kind.SILENCE : Kind.UNAVAILABLE, sent, now, null, null));
			}
			Registrations.this.answers.add(new Answer(server.name(), sent, now, reply.status()));
		}

	}

}
