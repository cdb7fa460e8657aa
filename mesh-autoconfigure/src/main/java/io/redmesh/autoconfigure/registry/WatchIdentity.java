package io.redmesh.autoconfigure.registry;

/**
 * Who is watching: an instance that proves it. When its watch closes without a
 * deregistration the registry looks whether it has died.
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
