package io.redmesh.registry.store.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

import io.lettuce.core.AbstractRedisClient;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Status;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.Time;
import io.redmesh.core.time.Timer;
import io.redmesh.registry.store.Backup;
import io.redmesh.registry.store.Claim;
import io.redmesh.registry.store.EvictionRules;
import io.redmesh.registry.store.FeedEvent;
import io.redmesh.registry.store.Incarnation;
import io.redmesh.registry.store.InstanceOverride;
import io.redmesh.registry.store.LeaseKey;
import io.redmesh.registry.store.LeaseState;
import io.redmesh.registry.store.LoadResult;
import io.redmesh.registry.store.OverrideEntry;
import io.redmesh.registry.store.RegisterResult;
import io.redmesh.registry.store.RegistryStore;
import io.redmesh.registry.store.Remembered;
import io.redmesh.registry.store.RenewResult;
import io.redmesh.registry.store.Restored;
import io.redmesh.registry.store.RuleStore;
import io.redmesh.registry.store.Sweep;
import io.redmesh.registry.store.WriteResult;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import static io.redmesh.registry.store.redis.InstanceCodec.keyOf;

/**
 * A {@link RegistryStore} that any number of servers share. It holds nothing that is not
 * in Redis, except for the newest cursor of each namespace. It decides nothing: each
 * transition is one script, on Redis' own clock.
 */
final class RedisRegistryStore implements RegistryStore, AutoCloseable {

	// So that one call stays under a few milliseconds.
	private static final int MAX_RESTORED = 100;

	private final RedisLink link;

	private final NamespaceList list;

	private final Executor loop;

	private final RedisMetrics metrics;

	private final Timer timer;

	private final Time time;

	private final Map<String, RedisNamespace> namespaces = new ConcurrentHashMap<>();

	private final Map<RedisNamespace, LeaseBatcher> leases = new ConcurrentHashMap<>();

	private final RedisRuleStore rules;

	/**
	 * Creates the store. Redis need not be available yet.
	 * @param client connects to Redis; the caller closes it
	 * @param loop the event loop on which Redis' responses arrive
	 * @param timer the timer of delays
	 * @param time the clock of elapsed times
	 * @param metrics the metrics of scripts and batches
	 */
	RedisRegistryStore(AbstractRedisClient client, Executor loop, Timer timer, Time time, RedisMetrics metrics) {
		this.loop = loop;
		this.metrics = metrics;
		this.link = new RedisLink(client, timer, time);
		this.list = new NamespaceList(this.link);
		this.rules = new RedisRuleStore(this.link, this.list, this::of, this::known, metrics);
		new RedisCheck(this.link).start();
		this.timer = timer;
		this.time = time;
	}

	@Override
	public String kind() {
		return "redis";
	}

	@Override
	public Mono<RegisterResult> register(String namespace, Instance instance, Duration ttl, Claim claim) {
		return Mono.defer(() -> {
			RedisNamespace known = of(namespace);
			return leasesOf(known).register(instance, ttl, claim)
				.flatMap((result) -> this.list.add(known, result.cursor()).thenReturn(result));
		});
	}

	@Override
	public Mono<RenewResult> renew(String namespace, List<LeaseKey> leases) {
		return Mono.defer(() -> {
			RedisNamespace known = this.namespaces.get(namespace);
			// Nothing is kept of a namespace that is only queried.
			LeaseBatcher traffic = (known != null) ? leasesOf(known)
					: new LeaseBatcher(this.link, this.loop, new RedisNamespace(namespace, this.time), this.metrics);
			return (leases.size() == 1) ? traffic.renew(leases.get(0)) : traffic.renew(leases);
		});
	}

	private LeaseBatcher leasesOf(RedisNamespace namespace) {
		return this.leases.computeIfAbsent(namespace,
				(key) -> new LeaseBatcher(this.link, this.loop, key, this.metrics));
	}

	@Override
	public Mono<WriteResult> deregister(String namespace, LeaseKey lease, Duration age) {
		return write(LuaScript.DEREGISTER, namespace, keyOf(lease.service(), lease.id()), lease.token(),
				Long.toString(age.toMillis()));
	}

	@Override
	public Mono<WriteResult> status(String namespace, LeaseKey lease, Status status) {
		return write(LuaScript.STATUS, namespace, keyOf(lease.service(), lease.id()), lease.token(), status.name());
	}

	@Override
	public Mono<WriteResult> override(String namespace, String service, String id,
			@Nullable InstanceOverride override) {
		String text = (override != null) ? InstanceCodec.write(override) : "";
		return write(LuaScript.OVERRIDE, namespace, keyOf(service, id), text);
	}

	private Mono<WriteResult> write(LuaScript script, String namespace, String... arguments) {
		return Mono.defer(() -> {
			RedisNamespace known = known(namespace);
			return run(script, known, arguments)
				.map((answer) -> new WriteResult(LeaseState.valueOf(text(answer, 3)), known.cursorOf(answer)));
		});
	}

	@Override
	public Mono<Sweep> evict(String namespace, EvictionRules rules) {
		return Mono.defer(() -> {
			RedisNamespace known = known(namespace);
			return run(LuaScript.EVICT, known, Integer.toString(rules.perSecond()),
					Long.toString(rules.patience().toMillis()))
				.map((answer) -> SweepAnswer.read(known, answer));
		});
	}

	@Override
	public Mono<Boolean> suspect(String namespace, Incarnation incarnation) {
		return writeIncarnation(LuaScript.SUSPECT, namespace, incarnation, "DOUBT");
	}

	@Override
	public Mono<Boolean> clear(String namespace, Incarnation incarnation) {
		return writeIncarnation(LuaScript.SUSPECT, namespace, incarnation, "CLEAR");
	}

	@Override
	public Mono<Boolean> evictRefused(String namespace, Incarnation incarnation, EvictionRules rules) {
		return writeIncarnation(LuaScript.REFUSED, namespace, incarnation, Integer.toString(rules.perSecond()));
	}

	private Mono<Boolean> writeIncarnation(LuaScript script, String namespace, Incarnation incarnation,
			String argument) {
		return write(script, namespace, keyOf(incarnation.service(), incarnation.id()),
				Long.toString(incarnation.fence()), argument)
			.map((result) -> result.state() == LeaseState.HELD);
	}

	@Override
	public Mono<Restored> restore(String namespace, Cursor epoch, List<Remembered> remembered) {
		RedisNamespace known = of(namespace);
		List<Remembered> ordered = new ArrayList<>(remembered);
		ordered.sort(Comparator.comparing((one) -> one instanceof Remembered.Held));
		return Flux.fromIterable(ordered)
			.buffer(MAX_RESTORED)
			.concatMap((some) -> run(LuaScript.RESTORE, known, InstanceCodec.write(epoch.epoch(), some)))
			.reduce(new Restored(0, 0), (sum, answer) -> {
				known.cursorOf(answer);
				return new Restored(sum.held() + ((List<?>) answer.get(3)).size(),
						sum.left() + ((List<?>) answer.get(4)).size());
			});
	}

	@Override
	public Mono<LoadResult> load(String namespace, List<Backup> backups) {
		return Mono.defer(() -> {
			RedisNamespace known = of(namespace);
			return run(LuaScript.LOAD, known, InstanceCodec.write(backups)).flatMap((answer) -> {
				LoadResult loaded = new LoadResult(((Long) answer.get(3)).intValue(),
						((Long) answer.get(4)).intValue());
				return this.list.add(known, known.cursorOf(answer)).thenReturn(loaded);
			});
		});
	}

	@Override
	public Mono<List<OverrideEntry>> overrides(String namespace) {
		return this.link.ask((redis) -> redis.hgetall(known(namespace).overrideKey())).map(InstanceCodec::overridden);
	}

	@Override
	public RuleStore rules() {
		return this.rules;
	}

	@Override
	public Mono<Boolean> isOccupied(String namespace) {
		return this.link.ask((redis) -> redis.hlen(known(namespace).instanceKey())).map((size) -> size > 0);
	}

	@Override
	public Mono<Boolean> forget(String namespace) {
		return write(LuaScript.FORGET, namespace).map((result) -> result.state() == LeaseState.HELD)
			.filter((forgotten) -> forgotten)
			.flatMap((forgotten) -> this.list.remove(known(namespace)).thenReturn(true))
			.defaultIfEmpty(false);
	}

	@Override
	public Mono<Void> enlist(String namespace) {
		return this.list.add(namespace);
	}

	@Override
	public void reread(String namespace) {
		of(namespace).reread();
	}

	@Override
	public Flux<FeedEvent> follow(String namespace) {
		return Flux.defer(() -> {
			RedisNamespace known = of(namespace);
			return new FeedReader(this.link, this.timer, this.time, known).events()
				.doOnCancel(() -> forgetUnlessMade(known));
		});
	}

	@Override
	public void seek() {
		this.link.seekAnother();
	}

	@Override
	public Mono<Set<String>> namespaces() {
		return this.list.all();
	}

	@Override
	public Mono<Void> ping() {
		return this.link.ask((redis) -> redis.ping()).then();
	}

	private void forgetUnlessMade(RedisNamespace namespace) {
		if (!namespace.isMade() && this.namespaces.remove(namespace.name(), namespace)) {
			this.leases.remove(namespace);
		}
	}

	/** Returns a namespace. Keeps nothing of one that is only queried. */
	private RedisNamespace known(String namespace) {
		RedisNamespace known = this.namespaces.get(namespace);
		return (known != null) ? known : new RedisNamespace(namespace, this.time);
	}

	private RedisNamespace of(String namespace) {
		return this.namespaces.computeIfAbsent(namespace, (name) -> new RedisNamespace(name, this.time));
	}

	private Mono<List<Object>> run(LuaScript script, RedisNamespace namespace, String... arguments) {
		return this.metrics.measured(script, this.link.ask((redis) -> script.run(redis, namespace, arguments)));
	}

	private static String text(List<Object> answer, int index) {
		return (String) answer.get(index);
	}

	@Override
	public void close() {
		this.link.close();
	}

}
