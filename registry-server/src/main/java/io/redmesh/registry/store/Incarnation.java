package io.redmesh.registry.store;

/**
 * One incarnation of an instance.
 *
 * @param service its service
 * @param id its id
 * @param fence which incarnation
 */
public record Incarnation(String service, String id, long fence) {

	/**
	 * Names the incarnation of an instance.
	 * @param instance the instance
	 * @return which it is
	 */
	public static Incarnation of(StoredInstance instance) {
		return new Incarnation(instance.own().service(), instance.own().id(), instance.own().fence());
	}

	@Override
	public String toString() {
		return this.service + "/" + this.id;
	}

}
