package io.redmesh.autoconfigure.registration;

import io.redmesh.autoconfigure.discovery.WatchLoop;
import io.redmesh.autoconfigure.registry.WatchIdentity;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.registry.Catalog;

import org.springframework.beans.factory.ObjectProvider;

/** What follows from a registration within this app. */
final class Introduction {

	private final Catalog catalog;

	private final ObjectProvider<WatchLoop> watch;

	private final LoopbackWarning loopback = new LoopbackWarning();

	Introduction(Catalog catalog, ObjectProvider<WatchLoop> watch) {
		this.catalog = catalog;
		this.watch = watch;
		catalog.listen(this.loopback);
	}

	/**
	 * Takes note of a new registration.
	 * @param instance the instance
	 * @param incarnation the secret of its incarnation
	 */
	void registered(Instance instance, String incarnation) {
		this.loopback.announced(instance, this.catalog);
		// The registry learns from the end of the watch that the instance may be gone.
		this.watch
			.ifAvailable((loop) -> loop.introduce(new WatchIdentity(instance.service(), instance.id(), incarnation)));
	}

}
