package io.redmesh.registry.store;

/**
 * One incarnation of an instance.
 *
 * @param service its service
 * @param id its id
 * @param fence which incarnation
 */
public record Incarnation(String service, String id, long fence) {

	@Override
	public String toString() {
		return this.service + "/" + this.id;
	}

}
