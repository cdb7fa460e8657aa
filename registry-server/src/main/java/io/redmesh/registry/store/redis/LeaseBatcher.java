package io.redmesh.registry.store.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.registry.Lease;
import io.redmesh.registry.store.Claim;
import io.redmesh.registry.store.LeaseKey;
import io.redmesh.registry.store.LeaseState;
import io.redmesh.registry.store.LeaseTokens;
import io.redmesh.registry.store.RegisterResult;
import io.redmesh.registry.store.RegisterResult.Outcome;
import io.redmesh.registry.store.RenewResult;
import reactor.core.publisher.Mono;

/**
 * The registrations and renewals of one namespace on their way to Redis. They are nearly
 * all that a registry does, so those that arrive at the same time go together.
 */
final class LeaseBatcher {

	// So that one call stays under a few milliseconds.
	private static final int MAX_REGISTRATIONS = 100;

	private static final int MAX_GATHERED_RENEWALS = 500;

	// As many as fit on Lua's stack as the arguments of one command.
	private static final int MAX_RENEWALS = 3000;

	private static final int REGISTRATION_ARGUMENTS = 6;

	private final RedisLink link;

	private final RedisNamespace namespace;

	private final RedisMetrics metrics;

	private final LeaseTokens tokens = new LeaseTokens();

	private final CallBatcher<Registration, RegisterResult> registrations;

	private final CallBatcher<LeaseKey, RenewResult> renewals;

	LeaseBatcher(RedisLink link, Executor loop, RedisNamespace namespace, RedisMetrics metrics) {
		this.link = link;
		this.metrics = metrics;
		this.namespace = namespace;
		this.registrations = new CallBatcher<>(MAX_REGISTRATIONS, loop, this::registerAll);
		this.renewals = new CallBatcher<>(MAX_GATHERED_RENEWALS, loop, this::renewAll);
	}

	/** A request to register an instance. */
	private record Registration(Instance instance, Duration ttl, Claim claim) {

	}

	Mono<RegisterResult> register(Instance instance, Duration ttl, Claim claim) {
		return this.registrations.ask(new Registration(instance, ttl, claim));
	}

	private Mono<List<RegisterResult>> registerAll(List<Registration> registrations) {
		this.metrics.registered(registrations.size());
		String[] arguments = new String[REGISTRATION_ARGUMENTS * registrations.size()];
		int next = 0;
		for (Registration one : registrations) {
			Instance instance = one.instance;
			Claim claim = one.claim;
			arguments[next++] = InstanceCodec.keyOf(instance.service(), instance.id());
			arguments[next++] = (claim.token() != null) ? claim.token() : "";
			arguments[next++] = (claim.incarnation() != null) ? claim.incarnation() : this.tokens.secret();
			arguments[next++] = Long.toString(one.ttl.toMillis());
			arguments[next++] = instance.status().name();
			arguments[next++] = InstanceCodec.write(instance);
		}
		return run(LuaScript.REGISTER, arguments).map((answer) -> {
			Cursor cursor = this.namespace.cursorOf(answer);
			List<?> values = (List<?>) answer.get(3);
			List<RegisterResult> results = new ArrayList<>(registrations.size());
			for (int i = 0; i < registrations.size(); i++) {
				results.add(result(registrations.get(i), values.subList(3 * i, 3 * i + 3), cursor));
			}
			return results;
		});
	}

	private static RegisterResult result(Registration registration, List<?> values, Cursor cursor) {
		Outcome outcome = Outcome.valueOf((String) values.get(0));
		Lease lease = (outcome != Outcome.SUPERSEDED)
				? Lease.grant(registration.ttl, (String) values.get(2), Long.parseLong((String) values.get(1))) : null;
		return new RegisterResult(outcome, lease, cursor);
	}

	Mono<RenewResult> renew(LeaseKey lease) {
		return this.renewals.ask(lease);
	}

	private Mono<List<RenewResult>> renewAll(List<LeaseKey> leases) {
		return renew(leases).map((result) -> result.states()
			.stream()
			.map((state) -> new RenewResult(List.of(state), result.cursor()))
			.toList());
	}

	Mono<RenewResult> renew(List<LeaseKey> leases) {
		if (leases.size() > MAX_RENEWALS) {
			throw new IllegalArgumentException(
					"leases: %d (expected: at most %d)".formatted(leases.size(), MAX_RENEWALS));
		}
		this.metrics.renewed(leases.size());
		String[] arguments = new String[2 * leases.size()];
		for (int i = 0; i < leases.size(); i++) {
			LeaseKey lease = leases.get(i);
			arguments[2 * i] = InstanceCodec.keyOf(lease.service(), lease.id());
			arguments[2 * i + 1] = lease.token();
		}
		return run(LuaScript.RENEW, arguments)
			.map((answer) -> new RenewResult(statesOf((String) answer.get(3)), this.namespace.cursorOf(answer)));
	}

	private static List<LeaseState> statesOf(String letters) {
		List<LeaseState> states = new ArrayList<>(letters.length());
		for (int i = 0; i < letters.length(); i++) {
			states.add(switch (letters.charAt(i)) {
				case 'H' -> LeaseState.HELD;
				case 'U' -> LeaseState.UNKNOWN;
				default -> LeaseState.SUPERSEDED;
			});
		}
		return List.copyOf(states);
	}

	private Mono<List<Object>> run(LuaScript script, String... arguments) {
		return this.metrics.measured(script, this.link.ask((redis) -> script.run(redis, this.namespace, arguments)));
	}

}
