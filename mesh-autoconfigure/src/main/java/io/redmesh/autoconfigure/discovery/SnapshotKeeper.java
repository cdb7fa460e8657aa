package io.redmesh.autoconfigure.discovery;

import java.time.Duration;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicBoolean;

import io.redmesh.autoconfigure.MeshThreads;
import io.redmesh.autoconfigure.rule.RuleSources;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.time.Timer;

/**
 * The writer that keeps a {@link DiskSnapshot} in step with the catalog and the traffic
 * rules. It writes at most once a second, on a thread of its own, and once more at the
 * end.
 */
final class SnapshotKeeper implements AutoCloseable {

	static final Duration PACE = Duration.ofSeconds(1);

	private final DiskSnapshot snapshot;

	private final Catalog catalog;

	private final RuleSources rules;

	private final Timer timer;

	private final ThreadPoolExecutor executor = MeshThreads.executor("mesh-snapshot", 1);

	private final AtomicBoolean due = new AtomicBoolean();

	private SnapshotKeeper(DiskSnapshot snapshot, Catalog catalog, RuleSources rules, Timer timer) {
		this.snapshot = snapshot;
		this.catalog = catalog;
		this.rules = rules;
		this.timer = timer;
	}

	/** Loads the snapshot, then follows the catalog and the rules. */
	static SnapshotKeeper start(DiskSnapshot snapshot, Catalog catalog, RuleSources rules, Timer timer) {
		snapshot.load(catalog, rules);
		SnapshotKeeper keeper = new SnapshotKeeper(snapshot, catalog, rules, timer);
		rules.listen(keeper::changed);
		catalog.listen((changed) -> {
			if (changed.cursor() != null) {
				keeper.changed();
			}
		});
		return keeper;
	}

	private void changed() {
		if (this.due.compareAndSet(false, true)) {
			this.timer.schedule(PACE, () -> this.executor.execute(this::save));
		}
	}

	private void save() {
		if (this.due.getAndSet(false)) {
			this.snapshot.save(this.catalog, this.rules);
		}
	}

	@Override
	public void close() {
		this.executor.shutdown();
		save();
	}

}
