package io.redmesh.chaos.history;

/**
 * An instance as a watcher received it.
 *
 * @param service its service
 * @param id its id
 * @param fence the fence of its incarnation
 * @param status its status
 * @param weight its weight
 * @param suspect whether the registry believes that it may be dead
 */
public record InstanceView(String service, String id, long fence, String status, int weight, boolean suspect) {

	/**
	 * Creates an instance that is not suspect.
	 * @param service its service
	 * @param id its id
	 * @param fence the fence of its incarnation
	 * @param status its status
	 * @param weight its weight
	 * @return the instance
	 */
	public static InstanceView of(String service, String id, long fence, String status, int weight) {
		return new InstanceView(service, id, fence, status, weight, false);
	}

	public String name() {
		return this.service + "/" + this.id;
	}

	@Override
	public String toString() {
		return name() + "#" + this.fence + " " + this.status + " " + this.weight + (this.suspect ? " suspect" : "");
	}

}
