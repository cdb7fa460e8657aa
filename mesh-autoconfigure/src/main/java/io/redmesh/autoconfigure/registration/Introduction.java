package io.redmesh.autoconfigure.registration;

import io.redmesh.autoconfigure.discovery.WatchLoop;
import io.redmesh.autoconfigure.registry.WatchIdentity;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.registry.Catalog;

import org.springframework.beans.factory.ObjectProvider;

/**
 * The consequences of a registration within this app: the check for a loopback address,
 * and the identity of the watch.
 */
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
	 * Handles a new registration.
	 * @param instance the instance
	 * @param incarnation the secret of its incarnation
	 */
	void registered(Instance instance, String incarnation) {
		this.loopback.announced(instance, this.catalog);
		// When the watch ends, the registry checks whether the instance has died.
		this.watch
			.ifAvailable((loop) -> loop.introduce(new WatchIdentity(instance.service(), instance.id(), incarnation)));
	}

}
