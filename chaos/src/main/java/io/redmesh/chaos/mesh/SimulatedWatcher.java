package io.redmesh.chaos.mesh;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

import io.redmesh.chaos.history.History;
import io.redmesh.chaos.history.InstanceView;
import io.redmesh.chaos.history.Observation;
import io.redmesh.chaos.history.Observation.Change;
import io.redmesh.chaos.history.Observation.Delta;
import io.redmesh.chaos.history.Observation.News;
import io.redmesh.chaos.history.Observation.Ping;
import io.redmesh.chaos.history.Observation.Snapshot;
import io.redmesh.chaos.history.WatcherHistory;
import io.redmesh.chaos.mesh.EventConnection.Event;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.Backoff;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A simulated watcher, which records everything. It follows the rules of the watch loop
 * of mesh-autoconfigure and of the catalog of mesh-core. It has a thread of its own.
 */
public final class SimulatedWatcher implements AutoCloseable {

	private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(250), Duration.ofSeconds(3));

	private static final Duration SILENCE = Duration.ofSeconds(25);

	private static final JsonMapper mapper = JsonMapper.shared();

	private final History history;

	private final WatcherHistory record;

	private final ServerList servers;

	private final Random random;

	private final String path;

	private final Map<String, String> identity;

	private final Runnable onNewEpoch;

	private final AtomicLong refused = new AtomicLong();

	private @Nullable String taken;

	private @Nullable Cursor known;

	private @Nullable Cursor heard;

	private int connections;

	private int failures;

	private volatile boolean open = true;

	private volatile @Nullable EventConnection connection;

	/**
	 * Starts the watcher.
	 * @param history records what it sees
	 * @param name the name of the watcher
	 * @param services the services to watch, empty for all
	 * @param servers the servers of the registry
	 * @param seed the seed of all random choices
	 * @param onNewEpoch called when the watcher sees a new epoch
	 */
	public SimulatedWatcher(History history, String name, SortedSet<String> services, List<Server> servers, long seed,
			Runnable onNewEpoch) {
		this(history, new WatcherHistory(name, services), "", Map.of(), servers, seed, onNewEpoch);
	}

	private SimulatedWatcher(History history, WatcherHistory record, String identityQuery, Map<String, String> identity,
			List<Server> servers, long seed, Runnable onNewEpoch) {
		this.history = history;
		this.record = history.add(record);
		this.random = new Random(seed);
		this.servers = new ServerList(List.copyOf(servers), this.random);
		this.onNewEpoch = onNewEpoch;
		this.identity = identity;
		Set<String> services = record.services();
		this.path = RegistryCalls.NAMESPACE + "/watch?"
				+ (services.isEmpty() ? "service=*"
						: services.stream().map((service) -> "service=" + service).collect(Collectors.joining("&")))
				+ identityQuery;
		SimulatedInstances.threads(record.name()).newThread(this::run).start();
	}

	/** Starts a watcher of an instance's own service, identified as that instance. */
	static SimulatedWatcher of(SimulatedInstance instance, History history, List<Server> servers, long seed) {
		String service = instance.life().service();
		String name = service + "/" + instance.life().id();
		return new SimulatedWatcher(history, new WatcherHistory(name, Set.of(service)), "&instance=" + name,
				Map.of("Mesh-Incarnation", instance.incarnation()), servers, seed, instance::doubt);
	}

	/** Moves the watch to another server. */
	public void move() {
		this.servers.failed(this.servers.current());
		disconnect();
	}

	/**
	 * Counts the events that were refused because they were older than what was known.
	 * @return how many events
	 */
	public long countRefused() {
		return this.refused.get();
	}

	/** Returns the events that it received. */
	public WatcherHistory record() {
		return this.record;
	}

	private void run() {
		while (this.open) {
			Server server = this.servers.current();
			try (EventConnection current = EventConnection.open(server, this.path, headers())) {
				this.connection = current;
				this.connections++;
				receive(server, current);
			}
			catch (IOException | RuntimeException ex) {
				this.servers.failed(server);
				this.failures++;
			}
			pause();
		}
	}

	private Map<String, String> headers() {
		Map<String, String> headers = new HashMap<>(this.identity);
		if (this.taken != null) {
			headers.put("Last-Event-ID", this.taken);
		}
		return headers;
	}

	private void receive(Server server, EventConnection current) throws IOException {
		for (Event event = current.next(); event != null && this.open; event = current.next()) {
			this.failures = 0;
			current.setReadTimeout(SILENCE);
			Cursor cursor = Cursor.parse(event.id().split("~", 2)[0]);
			News news = (cursor != null) ? read(event) : null;
			if (cursor == null || news == null) {
				continue;
			}
			boolean accepted = accept(cursor, news);
			this.record
				.add(new Observation(this.history.now(), server.name(), this.connections, accepted, cursor, news));
			noticeEpoch(cursor);
			if (!accepted) {
				this.refused.incrementAndGet();
				this.taken = null;
				this.failures++;
				return;
			}
			if (!(news instanceof Ping)) {
				this.taken = event.id();
			}
		}
		this.servers.failed(server);
		this.failures++;
	}

	private boolean accept(Cursor cursor, News news) {
		Cursor last = this.known;
		boolean newer = (news instanceof Delta) ? last != null && last.sameEpoch(cursor) && last.isBefore(cursor)
				: last == null || !cursor.isBefore(last);
		if (news instanceof Ping) {
			return true;
		}
		this.known = newer ? cursor : last;
		return newer;
	}

	private void noticeEpoch(Cursor now) {
		Cursor last = this.heard;
		this.heard = now;
		if (last != null && !last.sameEpoch(now)) {
			this.onNewEpoch.run();
		}
	}

	private static @Nullable News read(Event event) {
		JsonNode data = mapper.readTree(event.data());
		return switch (event.name()) {
			case "snapshot" -> snapshot(data);
			case "delta" -> delta(data.path("changes"));
			case "ping" -> new Ping();
			default -> null;
		};
	}

	private static Snapshot snapshot(JsonNode data) {
		List<InstanceView> instances = new ArrayList<>();
		data.path("services").forEach((service) -> service.forEach((instance) -> instances.add(view(instance))));
		return new Snapshot(data.path("complete").asBoolean(true), List.copyOf(instances));
	}

	private static Delta delta(JsonNode list) {
		List<Change> changes = new ArrayList<>();
		for (JsonNode change : list) {
			changes
				.add(change.has("gone") ? Change.gone(change.path("service").asString(), change.path("id").asString(),
						change.path("gone").asString()) : Change.put(view(change.path("instance"))));
		}
		return new Delta(List.copyOf(changes));
	}

	static InstanceView view(JsonNode instance) {
		return new InstanceView(instance.path("service").asString(), instance.path("id").asString(),
				instance.path("fence").asLong(), instance.path("status").asString(), instance.path("weight").asInt(),
				instance.path("suspect").asBoolean(false));
	}

	private void pause() {
		if (this.open) {
			try {
				Thread.sleep(BACKOFF.delay(Math.max(1, this.failures), this.random).toMillis());
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}
	}

	private void disconnect() {
		EventConnection current = this.connection;
		if (current != null) {
			try {
				current.close();
			}
			catch (IOException ex) {
				// The socket is closed anyway.
			}
		}
	}

	@Override
	public void close() {
		this.open = false;
		disconnect();
	}

}
