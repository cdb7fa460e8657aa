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

/** The requests that wait until a namespace has reached a cursor. */
final class Waiters {

	private final Timer timer;

	private final Supplier<@Nullable CatalogPosition> position;

	private final Map<MonoSink<Void>, Awaited> awaited = new ConcurrentHashMap<>();

	Waiters(Timer timer, Supplier<@Nullable CatalogPosition> position) {
		this.timer = timer;
		this.position = position;
	}

	/**
	 * Waits until a change has been read.
	 * @param cursor the change, or null for a first read
	 * @param limit the longest time to wait
	 * @return empty, afterwards or when the limit is reached
	 */
	Mono<Void> await(@Nullable Cursor cursor, Duration limit) {
		Awaited condition = new Awaited(cursor);
		if (condition.isMetBy(this.position.get())) {
			return Mono.empty();
		}
		return Mono.create((sink) -> {
			Scheduled timeout = this.timer.schedule(limit, sink::success);
			sink.onDispose(() -> {
				this.awaited.remove(sink);
				timeout.cancel();
			});
			this.awaited.put(sink, condition);
			if (condition.isMetBy(this.position.get())) {
				sink.success();
			}
		});
	}

	void published(CatalogPosition now) {
		if (!this.awaited.isEmpty()) {
			this.awaited.forEach((sink, condition) -> {
				if (condition.isMetBy(now)) {
					sink.success();
				}
			});
		}
	}

	/**
	 * The condition of one request. A cursor of another lineage, or of an earlier epoch,
	 * counts as read.
	 */
	private record Awaited(@Nullable Cursor cursor) {

		boolean isMetBy(@Nullable CatalogPosition position) {
			return position != null && (this.cursor == null || !position.cursor().isBefore(this.cursor));
		}

	}

}
