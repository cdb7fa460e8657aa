package io.redmesh.registry.watch;

import io.redmesh.core.instance.InvalidValueException;
import io.redmesh.core.instance.Names;
import io.redmesh.registry.rest.Request;
import io.redmesh.registry.store.LeaseTokens;
import io.redmesh.registry.store.StoredInstance;
import org.jspecify.annotations.Nullable;

/**
 * The identity of a watcher: an instance that shows the secret of its incarnation.
 *
 * @param service its service
 * @param id its id
 * @param secret the secret with which it registers
 */
record WatcherIdentity(String service, String id, String secret) {

	/**
	 * Reads the identity from the request of a watch.
	 * @param request the request
	 * @return the identity, or null if the request names no instance or shows no secret
	 */
	static @Nullable WatcherIdentity of(Request request) {
		String instance = request.parameter("instance");
		String secret = request.claim().incarnation();
		if (instance == null) {
			return null;
		}
		int separator = instance.indexOf('/');
		if (separator < 0) {
			throw new InvalidValueException("instance", instance, "<service>/<id>");
		}
		String service = Names.requireService(instance.substring(0, separator));
		String id = Names.requireId(instance.substring(separator + 1));
		return (secret != null) ? new WatcherIdentity(service, id, secret) : null;
	}

	/**
	 * Returns whether a registered instance is this one.
	 * @param instance the instance
	 * @return whether the secret belongs to its lease
	 */
	boolean is(StoredInstance instance) {
		return LeaseTokens.secretOf(instance.token()).equals(this.secret);
	}

	@Override
	public String toString() {
		return this.service + "/" + this.id;
	}

}
