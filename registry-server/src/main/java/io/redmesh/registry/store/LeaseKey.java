package io.redmesh.registry.store;

/**
 * A claim to hold a lease.
 *
 * @param service the service
 * @param id the instance's id
 * @param token the token that proves it
 */
public record LeaseKey(String service, String id, String token) {

	@Override
	public String toString() {
		return "LeaseKey[" + this.service + "/" + this.id + "]";
	}

}
