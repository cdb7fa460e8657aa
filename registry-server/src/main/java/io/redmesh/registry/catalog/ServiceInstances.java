package io.redmesh.registry.catalog;

import java.util.List;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * The instances of one service. The feed changes them; readers take the last view. The
 * first reader after a change makes the next view.
 */
final class ServiceInstances {

	private final String service;

	private final TreeMap<String, CatalogInstance> byId = new TreeMap<>();

	private long revision;

	private volatile @Nullable ServiceView view;

	ServiceInstances(String service) {
		this.service = service;
	}

	synchronized @Nullable CatalogInstance put(CatalogInstance instance, long revision) {
		CatalogInstance before = this.byId.put(instance.instance().id(), instance);
		changed(revision);
		return before;
	}

	synchronized @Nullable CatalogInstance remove(String id, long revision) {
		CatalogInstance before = this.byId.remove(id);
		changed(revision);
		return before;
	}

	synchronized @Nullable CatalogInstance find(String id) {
		return this.byId.get(id);
	}

	/** Returns the sum of the revisions of the instances' last changes. */
	synchronized long sum() {
		return this.byId.values().stream().mapToLong((instance) -> instance.stored().changed().revision()).sum();
	}

	/** Drops instances that the store has not sent since a generation began. */
	synchronized void dropOlderThan(long generation, long revision) {
		if (this.byId.values().removeIf((instance) -> instance.generation() < generation)) {
			changed(revision);
		}
	}

	private void changed(long revision) {
		this.revision = revision;
		this.view = null;
	}

	synchronized int size() {
		return this.byId.size();
	}

	ServiceView view() {
		ServiceView known = this.view;
		return (known != null) ? known : makeView();
	}

	private synchronized ServiceView makeView() {
		ServiceView made = this.view;
		if (made == null) {
			made = new ServiceView(this.service, this.revision, List.copyOf(this.byId.values()));
			this.view = made;
		}
		return made;
	}

}
