package io.redmesh.registry.store.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import io.redmesh.core.registry.Cursor;
import io.redmesh.core.traffic.RuleKey;
import io.redmesh.registry.store.LeaseKey;
import io.redmesh.registry.store.LeaseState;
import io.redmesh.registry.store.RestoredRules;
import io.redmesh.registry.store.RuleEdit;
import io.redmesh.registry.store.RuleReport;
import io.redmesh.registry.store.RuleResult;
import io.redmesh.registry.store.RuleResult.Edited;
import io.redmesh.registry.store.RuleResult.Outcome;
import io.redmesh.registry.store.RuleStore;
import io.redmesh.registry.store.RuleVersion;
import io.redmesh.registry.store.RuleWrite;
import io.redmesh.registry.store.StoredRule;
import io.redmesh.registry.store.StoredRules;
import io.redmesh.registry.store.WriteResult;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The {@link RuleStore} in Redis. All of its transitions are one script. */
final class RedisRuleStore implements RuleStore {

	// So that one call stays short.
	private static final int MAX_RESTORED = 500;

	private final RedisLink link;

	private final NamespaceList list;

	private final Function<String, RedisNamespace> written;

	private final Function<String, RedisNamespace> queried;

	private final RedisMetrics metrics;

	/**
	 * Creates the part of a store.
	 * @param link the connection to Redis
	 * @param list the list of all namespaces
	 * @param written returns a namespace that is written, and keeps it
	 * @param queried returns a namespace that is only queried
	 * @param metrics the metrics of scripts
	 */
	RedisRuleStore(RedisLink link, NamespaceList list, Function<String, RedisNamespace> written,
			Function<String, RedisNamespace> queried, RedisMetrics metrics) {
		this.link = link;
		this.list = list;
		this.written = written;
		this.queried = queried;
		this.metrics = metrics;
	}

	@Override
	public Mono<RuleResult> write(String namespace, RuleWrite write) {
		return run(namespace, RuleCodec.write(write), (answer) -> {
			List<?> flat = (List<?>) answer.get(5);
			List<Edited> edits = new ArrayList<>(write.edits().size());
			for (RuleEdit edit : write.edits()) {
				int at = 2 * edits.size();
				edits.add(new Edited(edit.key(), Outcome.valueOf((String) flat.get(at)),
						Long.parseLong((String) flat.get(at + 1))));
			}
			return new RuleResult(answer.get(3).equals("CONFLICT"), List.copyOf(edits),
					Long.parseLong((String) answer.get(4)), cursorOf(namespace, answer));
		});
	}

	@Override
	public Mono<RestoredRules> restore(String namespace, StoredRules remembered) {
		return Flux.fromIterable(RuleCodec.restore(remembered, MAX_RESTORED))
			.concatMap((arguments) -> run(namespace, arguments, RedisRuleStore::restored), 1)
			.reduce(new RestoredRules(false, 0),
					(sum, next) -> new RestoredRules(sum.refused() || next.refused(), sum.count() + next.count()));
	}

	@Override
	public Mono<Integer> addMissing(String namespace, StoredRules known, List<StoredRule> rules) {
		return run(namespace, RuleCodec.addMissing(known, rules), (answer) -> restored(answer).count());
	}

	private static RestoredRules restored(List<Object> answer) {
		long count = ((List<?>) answer.get(5)).stream().filter("RESTORED"::equals).count();
		return new RestoredRules(answer.get(3).equals("REFUSED"), (int) count);
	}

	@Override
	public Mono<List<RuleVersion>> history(String namespace, RuleKey key) {
		return this.link.ask((redis) -> redis.hget(this.queried.apply(namespace).ruleHistoryKey(), key.toString()))
			.map((lines) -> lines.lines().map(RuleCodec::version).toList())
			.defaultIfEmpty(List.of());
	}

	@Override
	public Mono<WriteResult> report(String namespace, LeaseKey lease, String revision) {
		return Mono.defer(() -> {
			RedisNamespace known = this.queried.apply(namespace);
			String[] arguments = { InstanceCodec.keyOf(lease.service(), lease.id()), lease.token(), revision };
			return ask(LuaScript.RAN, known, arguments)
				.map((answer) -> new WriteResult(LeaseState.valueOf((String) answer.get(3)), known.cursorOf(answer)));
		});
	}

	@Override
	public Mono<List<RuleReport>> reports(String namespace) {
		return this.link.ask((redis) -> redis.hgetall(this.queried.apply(namespace).ruleReportKey()))
			.map((reports) -> reports.entrySet()
				.stream()
				.map((report) -> new RuleReport(InstanceCodec.serviceOf(report.getKey()),
						InstanceCodec.idOf(report.getKey()), report.getValue()))
				.toList());
	}

	private Mono<List<Object>> ask(LuaScript script, RedisNamespace namespace, String... arguments) {
		return this.metrics.measured(script, this.link.ask((redis) -> script.run(redis, namespace, arguments)));
	}

	private <T> Mono<T> run(String namespace, String[] arguments, Function<List<Object>, T> result) {
		return Mono.defer(() -> {
			RedisNamespace known = this.written.apply(namespace);
			return ask(LuaScript.RULE, known, arguments)
				.flatMap((answer) -> this.list.add(known, known.cursorOf(answer)).thenReturn(result.apply(answer)));
		});
	}

	private Cursor cursorOf(String namespace, List<Object> answer) {
		return this.written.apply(namespace).cursorOf(answer);
	}

}
