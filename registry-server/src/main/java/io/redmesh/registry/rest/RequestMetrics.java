package io.redmesh.registry.rest;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.http.Outcome;

import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;

/**
 * The timer {@code http.server.requests} with Spring's tags: the time until a response is
 * ready to be sent. A watch counts when it begins.
 * <p>
 * Safe for use by many threads.
 */
final class RequestMetrics {

	// Clients may invent other methods.
	private static final Map<String, String> METHODS = Stream.of(HttpMethod.values())
		.collect(Collectors.toUnmodifiableMap(HttpMethod::name, HttpMethod::name));

	private static final String OTHER = "OTHER";

	private final MeterRegistry meters;

	private final Map<Key, Timer> timers = new ConcurrentHashMap<>();

	RequestMetrics(MeterRegistry meters) {
		this.meters = meters;
	}

	/**
	 * Records a response.
	 * @param method the method of the request; all unknown methods count as one
	 * @param path the template of its path
	 * @param status the status of the response
	 * @param nanos the time that it took
	 */
	void answered(String method, String path, HttpStatus status, long nanos) {
		this.timers.computeIfAbsent(new Key(METHODS.getOrDefault(method, OTHER), path, status), this::timer)
			.record(nanos, TimeUnit.NANOSECONDS);
	}

	private Timer timer(Key key) {
		return Timer.builder("http.server.requests")
			.tag("method", key.method)
			.tag("uri", key.path)
			.tag("status", Integer.toString(key.status.value()))
			.tag("outcome", Outcome.forStatus(key.status.value()).name())
			.tag("exception", "none")
			.tag("error", "none")
			.register(this.meters);
	}

	private record Key(String method, String path, HttpStatus status) {

	}

}
