package io.redmesh.registry.chaos.history;

/**
 * An instance as a watcher was told of it.
 *
 * @param service its service
 * @param id its id
 * @param fence which incarnation
 * @param status its status
 * @param weight its weight
 * @param suspect whether the registry doubts that it lives
 */
public record InstanceView(String service, String id, long fence, String status, int weight, boolean suspect) {

	/**
	 * Makes one that nobody doubts.
	 * @param service its service
	 * @param id its id
	 * @param fence which incarnation
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
