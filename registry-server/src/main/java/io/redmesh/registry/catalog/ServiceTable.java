package io.redmesh.registry.catalog;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentSkipListMap;

import io.redmesh.registry.store.Digest;
import io.redmesh.registry.store.StoredInstance;
import org.jspecify.annotations.Nullable;

/**
 * All services of a namespace, with their digest. Written under the namespace's monitor;
 * readers never wait.
 */
final class ServiceTable {

	private final Map<String, ServiceInstances> services = new ConcurrentSkipListMap<>();

	// Updated with each change, to be compared with the store's digest.
	private long instances;

	private long sum;

	@Nullable CatalogInstance put(CatalogInstance instance, long revision) {
		CatalogInstance before = this.services.computeIfAbsent(instance.instance().service(), ServiceInstances::new)
			.put(instance, revision);
		count(before, -1);
		count(instance, 1);
		return before;
	}

	@Nullable CatalogInstance remove(String service, String id, long revision) {
		ServiceInstances known = this.services.get(service);
		if (known == null) {
			return null;
		}
		CatalogInstance gone = known.remove(id, revision);
		count(gone, -1);
		if (known.size() == 0) {
			this.services.remove(service);
		}
		return gone;
	}

	private void count(@Nullable CatalogInstance instance, int sign) {
		if (instance != null) {
			this.instances += sign;
			this.sum += sign * instance.stored().changed().revision();
		}
	}

	void dropOlderThan(long generation, long revision) {
		this.services.values().forEach((service) -> service.dropOlderThan(generation, revision));
		this.services.values().removeIf((service) -> service.size() == 0);
		this.instances = size();
		this.sum = this.services.values().stream().mapToLong(ServiceInstances::sum).sum();
	}

	boolean matches(Digest digest) {
		return this.instances == digest.entries() && this.sum == digest.sum();
	}

	boolean matches(List<StoredInstance> all) {
		return this.instances == all.size()
				&& this.sum == all.stream().mapToLong((stored) -> stored.changed().revision()).sum();
	}

	@Nullable CatalogInstance instance(String service, String id) {
		ServiceInstances known = this.services.get(service);
		return (known != null) ? known.find(id) : null;
	}

	@Nullable ServiceView view(String service) {
		ServiceInstances known = this.services.get(service);
		ServiceView view = (known != null) ? known.view() : null;
		return (view != null && !view.instances().isEmpty()) ? view : null;
	}

	Collection<ServiceView> views() {
		return this.services.values()
			.stream()
			.map(ServiceInstances::view)
			.filter((view) -> !view.instances().isEmpty())
			.toList();
	}

	Collection<ServiceView> views(Collection<String> names) {
		return names.stream().map((name) -> Objects.requireNonNullElse(view(name), ServiceView.empty(name))).toList();
	}

	int size() {
		return this.services.values().stream().mapToInt(ServiceInstances::size).sum();
	}

	int suspects() {
		return (int) views().stream()
			.flatMap((service) -> service.instances().stream())
			.filter((instance) -> instance.instance().suspect())
			.count();
	}

	boolean isEmpty() {
		return this.services.isEmpty();
	}

}
