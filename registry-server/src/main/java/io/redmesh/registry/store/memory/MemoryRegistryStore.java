package io.redmesh.registry.store.memory;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Status;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.Time;
import io.redmesh.core.traffic.RuleKey;
import io.redmesh.registry.store.Backup;
import io.redmesh.registry.store.Claim;
import io.redmesh.registry.store.EvictionRules;
import io.redmesh.registry.store.FeedEvent;
import io.redmesh.registry.store.Incarnation;
import io.redmesh.registry.store.InstanceOverride;
import io.redmesh.registry.store.LeaseKey;
import io.redmesh.registry.store.LeaseTokens;
import io.redmesh.registry.store.LoadResult;
import io.redmesh.registry.store.OverrideEntry;
import io.redmesh.registry.store.RegisterResult;
import io.redmesh.registry.store.RegistryStore;
import io.redmesh.registry.store.Remembered;
import io.redmesh.registry.store.RenewResult;
import io.redmesh.registry.store.Restored;
import io.redmesh.registry.store.RestoredRules;
import io.redmesh.registry.store.RuleReport;
import io.redmesh.registry.store.RuleResult;
import io.redmesh.registry.store.RuleStore;
import io.redmesh.registry.store.RuleVersion;
import io.redmesh.registry.store.RuleWrite;
import io.redmesh.registry.store.StoredRule;
import io.redmesh.registry.store.StoredRules;
import io.redmesh.registry.store.Sweep;
import io.redmesh.registry.store.WriteResult;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A {@link RegistryStore} within this process, for one server. Each start is a new
 * registry, with another lineage and an empty history.
 */
public final class MemoryRegistryStore implements RegistryStore, RuleStore {

	private final Map<String, MemoryNamespace> namespaces = new ConcurrentHashMap<>();

	private final Time time;

	private final LeaseTokens tokens;

	private final Cursor origin;

	private final long startNanos;

	/**
	 * Creates an empty store.
	 * @param time the clock of leases and fences
	 */
	public MemoryRegistryStore(Time time) {
		this(time, UUID.randomUUID(), new LeaseTokens());
	}

	/**
	 * Creates an empty store.
	 * @param time the clock of leases and fences
	 * @param lineage the id of this registry
	 * @param tokens the source of tokens
	 */
	public MemoryRegistryStore(Time time, UUID lineage, LeaseTokens tokens) {
		this.time = time;
		this.tokens = tokens;
		this.origin = new Cursor(lineage.toString(), time.now().toEpochMilli(), 0);
		this.startNanos = time.nanos();
	}

	@Override
	public String kind() {
		return "memory";
	}

	@Override
	public Mono<RegisterResult> register(String namespace, Instance instance, Duration ttl, Claim claim) {
		return transitionOrCreate(namespace, (known) -> known.register(instance, ttl, claim));
	}

	@Override
	public Mono<RenewResult> renew(String namespace, List<LeaseKey> leases) {
		return transition(namespace, (known) -> known.renew(leases));
	}

	@Override
	public Mono<WriteResult> deregister(String namespace, LeaseKey lease, Duration age) {
		return transition(namespace, (known) -> known.deregister(lease, age));
	}

	@Override
	public Mono<WriteResult> status(String namespace, LeaseKey lease, Status status) {
		return transition(namespace, (known) -> known.status(lease, status));
	}

	@Override
	public Mono<WriteResult> override(String namespace, String service, String id,
			@Nullable InstanceOverride override) {
		return transition(namespace, (known) -> known.override(new InstanceKey(service, id), override));
	}

	@Override
	public Mono<Sweep> evict(String namespace, EvictionRules rules) {
		return transition(namespace, (known) -> known.evict(rules));
	}

	@Override
	public Mono<Boolean> suspect(String namespace, Incarnation incarnation) {
		return transition(namespace, (known) -> known.setSuspect(incarnation, true));
	}

	@Override
	public Mono<Boolean> clear(String namespace, Incarnation incarnation) {
		return transition(namespace, (known) -> known.setSuspect(incarnation, false));
	}

	@Override
	public Mono<Boolean> evictRefused(String namespace, Incarnation incarnation, EvictionRules rules) {
		return transition(namespace, (known) -> known.evictRefused(incarnation, rules));
	}

	@Override
	public Mono<Restored> restore(String namespace, Cursor epoch, List<Remembered> remembered) {
		return transitionOrCreate(namespace, (known) -> known.restore(epoch, remembered));
	}

	@Override
	public Mono<LoadResult> load(String namespace, List<Backup> backups) {
		return transitionOrCreate(namespace, (known) -> known.load(backups));
	}

	@Override
	public Mono<List<OverrideEntry>> overrides(String namespace) {
		return transition(namespace, MemoryNamespace::overrides);
	}

	@Override
	public RuleStore rules() {
		return this;
	}

	@Override
	public Mono<RuleResult> write(String namespace, RuleWrite write) {
		return transitionOrCreate(namespace, (known) -> known.write(write));
	}

	@Override
	public Mono<List<RuleVersion>> history(String namespace, RuleKey key) {
		return transition(namespace, (known) -> known.history(key));
	}

	@Override
	public Mono<RestoredRules> restore(String namespace, StoredRules remembered) {
		return transitionOrCreate(namespace, (known) -> known.restore(remembered));
	}

	@Override
	public Mono<WriteResult> report(String namespace, LeaseKey lease, String revision) {
		return transition(namespace, (known) -> known.report(lease, revision));
	}

	@Override
	public Mono<List<RuleReport>> reports(String namespace) {
		return transition(namespace, MemoryNamespace::ruleReports);
	}

	@Override
	public Mono<Integer> addMissing(String namespace, StoredRules server, List<StoredRule> rules) {
		return transitionOrCreate(namespace, (known) -> known.addMissing(server, rules));
	}

	@Override
	public Mono<Boolean> isOccupied(String namespace) {
		return transition(namespace, MemoryNamespace::isOccupied);
	}

	@Override
	public Mono<Boolean> forget(String namespace) {
		return Mono.fromCallable(() -> {
			AtomicBoolean forgotten = new AtomicBoolean();
			this.namespaces.computeIfPresent(namespace, (name, known) -> {
				forgotten.set(known.isForgettable());
				return forgotten.get() ? null : known;
			});
			return forgotten.get();
		});
	}

	/** Does nothing: each namespace with instances is in the list. */
	@Override
	public Mono<Void> enlist(String namespace) {
		return Mono.empty();
	}

	/** Does nothing: followers read the same memory. */
	@Override
	public void reread(String namespace) {
	}

	@Override
	public Flux<FeedEvent> follow(String namespace) {
		return Flux.defer(() -> {
			MemoryNamespace known = this.namespaces.computeIfAbsent(namespace, (name) -> create());
			return known.follow()
				.doFinally((signal) -> this.namespaces.computeIfPresent(namespace,
						(name, still) -> (still.wasEverWritten() || still.isFollowed()) ? still : null));
		});
	}

	/** Does nothing: there is no other store to look for. */
	@Override
	public void seek() {
	}

	@Override
	public Mono<Set<String>> namespaces() {
		return Mono.fromCallable(() -> this.namespaces.entrySet()
			.stream()
			.filter((entry) -> entry.getValue().wasEverWritten())
			.map(Map.Entry::getKey)
			.collect(Collectors.toUnmodifiableSet()));
	}

	@Override
	public Mono<Void> ping() {
		return Mono.empty();
	}

	/**
	 * Runs a transition that creates the namespace if necessary. The namespace is not
	 * forgotten meanwhile.
	 */
	private <T> Mono<T> transitionOrCreate(String namespace, Function<MemoryNamespace, T> step) {
		return Mono.fromCallable(() -> {
			AtomicReference<T> result = new AtomicReference<>();
			MemoryNamespace known = this.namespaces.compute(namespace, (name, there) -> {
				MemoryNamespace here = (there != null) ? there : create();
				result.set(step.apply(here));
				return here;
			});
			known.deliver();
			return result.get();
		});
	}

	private <T> Mono<T> transition(String namespace, Function<MemoryNamespace, T> step) {
		return Mono.fromCallable(() -> {
			MemoryNamespace known = this.namespaces.get(namespace);
			if (known == null) {
				// Creates no namespace; the response is that of an empty one.
				return step.apply(create());
			}
			T result = step.apply(known);
			known.deliver();
			return result;
		});
	}

	private MemoryNamespace create() {
		return new MemoryNamespace(this.time, this.tokens, this.origin, this.startNanos);
	}

}
