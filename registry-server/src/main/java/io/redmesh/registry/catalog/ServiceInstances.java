package io.redmesh.registry.catalog;

import java.util.List;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * The instances of one service. The feed changes them; readers take the view that was
 * last made, and the first one after a change makes it.
 */
final class ServiceInstances {

	private final String service;

	private final TreeMap<String, CatalogInstance> byId = new TreeMap<>();

	private long revision;

	private volatile @Nullable ServiceView view;

	ServiceInstances(String service) {
		this.service = service;
	}

	synchronized void put(CatalogInstance instance, long revision) {
		this.byId.put(instance.instance().id(), instance);
		changed(revision);
	}

	synchronized void remove(String id, long revision) {
		this.byId.remove(id);
		changed(revision);
	}

	/** Drops what the store has not spoken of since a generation began. */
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
