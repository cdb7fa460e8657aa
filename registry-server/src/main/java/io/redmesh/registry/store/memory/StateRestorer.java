package io.redmesh.registry.store.memory;

import java.time.Duration;
import java.util.List;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.Time;
import io.redmesh.registry.store.Backup;
import io.redmesh.registry.store.FeedEvent.Departure;
import io.redmesh.registry.store.Incarnation;
import io.redmesh.registry.store.LoadResult;
import io.redmesh.registry.store.Remembered;
import io.redmesh.registry.store.Restored;
import io.redmesh.registry.store.StoredInstance;

/**
 * The restoration of instances and overrides from a server's memory or from a backup,
 * unless the namespace holds something newer. Confined to its namespace's monitor.
 */
final class StateRestorer {

	private final NamespaceState state;

	private final Tombstones tombstones;

	private final Fences fences;

	private final Time time;

	StateRestorer(NamespaceState state, Tombstones tombstones, Fences fences, Time time) {
		this.state = state;
		this.tombstones = tombstones;
		this.fences = fences;
		this.time = time;
	}

	Restored restore(Cursor epoch, List<Remembered> remembered) {
		int held = 0;
		int left = 0;
		for (Remembered one : remembered) {
			if (!this.state.cursor().sameEpoch(epoch)) {
				break;
			}
			if (one instanceof Remembered.Left gone) {
				left += removeAgain(gone) ? 1 : 0;
			}
			else if (one instanceof Remembered.Held there) {
				held += putBack(there.instance()) ? 1 : 0;
			}
		}
		return new Restored(held, left);
	}

	private boolean removeAgain(Remembered.Left gone) {
		Registration current = this.state.find(MemoryNamespace.keyOf(gone.incarnation()));
		boolean older = current != null && current.incarnation().equals(gone.incarnation())
				&& current.changed().isBefore(gone.changed());
		if (current == null || older) {
			this.tombstones.bury(MemoryNamespace.keyOf(gone.incarnation()), gone.incarnation().fence(),
					this.time.nanos());
		}
		if (older) {
			this.state.remove(MemoryNamespace.keyOf(gone.incarnation()), Departure.DEREGISTERED);
		}
		return older;
	}

	private boolean putBack(StoredInstance there) {
		InstanceKey key = MemoryNamespace.keyOf(Incarnation.of(there));
		Registration current = this.state.find(key);
		long fence = there.own().fence();
		if (this.tombstones.contains(key, fence, this.time.nanos()) || (current != null
				&& (current.own().fence() > fence || !current.changed().isBefore(there.changed())))) {
			return false;
		}
		// An override of an absent instance was set in this epoch, so it is newer.
		if (current != null || this.state.override(key) == null) {
			this.state.override(key, there.override());
		}
		this.fences.atLeast(fence);
		this.state.putBack(key, new Registration(there.own().withSuspect(false), there.ttl(), there.token(),
				this.time.nanos() + there.ttl().toNanos(), 0, there.changed()));
		return true;
	}

	LoadResult load(List<Backup> backups) {
		LoadResult loaded = LoadResult.NOTHING;
		for (Backup backup : backups) {
			loaded = loaded.plus(load(backup));
		}
		return loaded;
	}

	private LoadResult load(Backup backup) {
		InstanceKey key = new InstanceKey(backup.service(), backup.id());
		Registration current = this.state.find(key);
		boolean overrides = backup.override() != null && this.state.override(key) == null
				&& !this.tombstones.hasLeft(key, Tombstones.OVERRIDE, this.time.nanos());
		if (overrides) {
			this.state.override(key, backup.override());
			if (current != null) {
				this.state.put(key, current);
			}
		}
		Instance instance = backup.instance();
		boolean restored = instance != null && current == null && restoreInstance(key, instance, backup.ttl());
		return new LoadResult(restored ? 1 : 0, overrides ? 1 : 0);
	}

	private boolean restoreInstance(InstanceKey key, Instance instance, Duration ttl) {
		long fence = this.fences.credible(instance.fence());
		if (this.tombstones.hasLeft(key, fence, this.time.nanos())) {
			return false;
		}
		this.fences.atLeast(fence);
		this.state.put(key, new Registration(instance.withFence(fence), ttl, "", this.time.nanos() + ttl.toNanos(), 0,
				this.state.cursor()));
		return true;
	}

}
