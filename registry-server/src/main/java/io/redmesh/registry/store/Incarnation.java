package io.redmesh.registry.store;

/**
 * An incarnation of an instance.
 *
 * @param service the service
 * @param id the instance's id
 * @param fence the fence, by which incarnations of one id differ
 */
public record Incarnation(String service, String id, long fence) {

	/**
	 * Returns the incarnation of an instance.
	 * @param instance the instance
	 * @return its service, id and fence
	 */
	public static Incarnation of(StoredInstance instance) {
		return new Incarnation(instance.own().service(), instance.own().id(), instance.own().fence());
	}

	@Override
	public String toString() {
		return this.service + "/" + this.id;
	}

}
