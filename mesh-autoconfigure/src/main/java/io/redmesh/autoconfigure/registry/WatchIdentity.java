package io.redmesh.autoconfigure.registry;

/**
 * The identity of a watcher: an instance that proves it. When its watch closes without a
 * deregistration, the registry checks whether the instance has died.
 *
 * @param service its service
 * @param id its id
 * @param incarnation the secret with which it registers, see
 * {@link RegistryClient#incarnation()}
 */
public record WatchIdentity(String service, String id, String incarnation) {

	@Override
	public String toString() {
		return this.service + "/" + this.id;
	}

}
