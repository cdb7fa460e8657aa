package io.redmesh.registry.watch;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Metrics of watches: the frames that were sent, by kind, and the open watches. */
final class WatchMetrics {

	private final Map<Frame.Kind, Counter> frames = new EnumMap<>(Frame.Kind.class);

	private final AtomicInteger watchers = new AtomicInteger();

	WatchMetrics(MeterRegistry meters) {
		for (Frame.Kind kind : Frame.Kind.values()) {
			this.frames.put(kind,
					meters.counter("mesh.server.watch.frames", "kind", kind.name().toLowerCase(Locale.ROOT)));
		}
		meters.gauge("mesh.server.watchers", this.watchers);
	}

	void sent(Frame.Kind kind) {
		Counter counter = this.frames.get(kind);
		if (counter != null) {
			counter.increment();
		}
	}

	void joined() {
		this.watchers.incrementAndGet();
	}

	void left() {
		this.watchers.decrementAndGet();
	}

}
