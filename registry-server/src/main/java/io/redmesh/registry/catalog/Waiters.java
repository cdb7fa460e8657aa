package io.redmesh.registry.catalog;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.Timer;
import io.redmesh.core.time.Timer.Scheduled;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/** Those who wait for a namespace to get somewhere. */
final class Waiters {

	private final Timer timer;

	private final Supplier<@Nullable Standing> standing;

	private final Map<MonoSink<Void>, Awaited> awaited = new ConcurrentHashMap<>();

	Waiters(Timer timer, Supplier<@Nullable Standing> standing) {
		this.timer = timer;
		this.standing = standing;
	}

	/**
	 * Waits.
	 * @param cursor for which change, or null for anything at all
	 * @param limit how long
	 * @return empty, afterwards or when the limit is reached
	 */
	Mono<Void> await(@Nullable Cursor cursor, Duration limit) {
		Awaited condition = new Awaited(cursor);
		if (condition.isMetBy(this.standing.get())) {
			return Mono.empty();
		}
		return Mono.create((sink) -> {
			Scheduled timeout = this.timer.schedule(limit, sink::success);
			sink.onDispose(() -> {
				this.awaited.remove(sink);
				timeout.cancel();
			});
			this.awaited.put(sink, condition);
			if (condition.isMetBy(this.standing.get())) {
				sink.success();
			}
		});
	}

	void published(Standing now) {
		if (!this.awaited.isEmpty()) {
			this.awaited.forEach((sink, condition) -> {
				if (condition.isMetBy(now)) {
					sink.success();
				}
			});
		}
	}

	/** What somebody waits for; a cursor of another history counts as seen. */
	private record Awaited(@Nullable Cursor cursor) {

		boolean isMetBy(@Nullable Standing standing) {
			return standing != null && (this.cursor == null || !standing.cursor().isBefore(this.cursor));
		}

	}

}
