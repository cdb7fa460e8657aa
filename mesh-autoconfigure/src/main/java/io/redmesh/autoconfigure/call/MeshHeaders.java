package io.redmesh.autoconfigure.call;

/**
 * The headers by which the apps of a mesh understand each other, call by call. Their
 * names are in lower case, as HTTP/2 has them and as Spring looks them up: others it
 * would convert several times in each call.
 */
public final class MeshHeaders {

	/**
	 * Request: the service that it is meant for, since addresses get reused. A receiver
	 * of another name answers 421.
	 */
	public static final String DESTINATION = "mesh-destination";

	/**
	 * Request: which attempt of its call it is, 1 or absent for the first. Who serves a
	 * further attempt does not try again what would put more load on others.
	 */
	public static final String ATTEMPT = "mesh-attempt";

	/**
	 * Request: for how many more milliseconds the caller waits. Work whose time is over
	 * is refused on arrival.
	 */
	public static final String TIMEOUT = "mesh-timeout-ms";

	/**
	 * Request: how much it matters when not all can be served, {@code high} or absent.
	 */
	public static final String PRIORITY = "mesh-priority";

	/**
	 * Answer that is a failure: the service behind this one whose failure it passes on.
	 * This one is neither blamed for it nor asked again.
	 */
	public static final String FAILED_AT = "mesh-failed-at";

	/**
	 * Answer of a receiver that has refused a request before it did anything for it: what
	 * the request said in {@link #DESTINATION}. The status says why: 421 another service
	 * was meant, 503 too many requests, 504 nobody waits any more. Only who gets back the
	 * name that it has sent may believe it; a copy of it that somebody passes on names
	 * another service.
	 */
	public static final String REFUSED = "mesh-refused";

	/** Answer: the load of the instance, such as {@code inflight=3,util=0.42}. */
	public static final String LOAD = "mesh-load";

	private MeshHeaders() {
	}

}
