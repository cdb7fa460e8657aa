package io.redmesh.registry.store.redis;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.redmesh.core.time.Time;
import reactor.core.publisher.Mono;

/**
 * Metrics of Redis: the latency of each script, and the sizes of batches.
 * <p>
 * Safe for use by many threads.
 */
final class RedisMetrics {

	private final Time time;

	private final Map<LuaScript, Timer> scripts = new EnumMap<>(LuaScript.class);

	private final DistributionSummary registrations;

	private final DistributionSummary renewals;

	RedisMetrics(MeterRegistry meters, Time time) {
		this.time = time;
		for (LuaScript script : LuaScript.values()) {
			this.scripts.put(script,
					Timer.builder("mesh.server.redis")
						.description("Latency of a script")
						.tag("script", script.name().toLowerCase(Locale.ROOT))
						.register(meters));
		}
		this.registrations = batch(meters, "registrations");
		this.renewals = batch(meters, "renewals");
	}

	/** Creates metrics that are not kept. */
	static RedisMetrics none(Time time) {
		return new RedisMetrics(new CompositeMeterRegistry(), time);
	}

	private static DistributionSummary batch(MeterRegistry meters, String what) {
		return DistributionSummary.builder("mesh.server.redis.batch")
			.description("Registrations or renewals in one call")
			.tag("what", what)
			.register(meters);
	}

	/**
	 * Measures a script.
	 * @param script the script
	 * @param answer its response, measured from its subscription on
	 * @param <T> the type of the response
	 * @return the same response
	 */
	<T> Mono<T> measured(LuaScript script, Mono<T> answer) {
		Timer timer = Objects.requireNonNull(this.scripts.get(script));
		return Mono.defer(() -> {
			long begun = this.time.nanos();
			return answer.doOnNext((value) -> timer.record(this.time.nanos() - begun, TimeUnit.NANOSECONDS));
		});
	}

	void registered(int size) {
		this.registrations.record(size);
	}

	void renewed(int size) {
		this.renewals.record(size);
	}

}
