package io.redmesh.autoconfigure.call;

/**
 * The headers by which the apps of a mesh exchange information, call by call. Their names
 * are in lower case, as HTTP/2 has them and as Spring looks them up. It would convert any
 * other case several times in each call.
 */
public final class MeshHeaders {

	/**
	 * Request header: the service that the request is meant for, because addresses get
	 * reused. A receiver of another name answers 421.
	 */
	public static final String DESTINATION = "mesh-destination";

	/**
	 * Request header: the number of the attempt within its call, 1 or absent for the
	 * first. An app that serves a further attempt does not retry its own calls where that
	 * would put more load on other services.
	 */
	public static final String ATTEMPT = "mesh-attempt";

	/**
	 * Request header: the milliseconds that the caller will still wait. A receiver
	 * refuses a request whose time is over on arrival.
	 */
	public static final String TIMEOUT = "mesh-timeout-ms";

	/**
	 * Request header: the priority of the request when not all can be served,
	 * {@code high} or absent.
	 */
	public static final String PRIORITY = "mesh-priority";

	/**
	 * Header of a failing response: the service behind the responding one whose failure
	 * it passes on. The caller neither blames the responding instance nor retries.
	 */
	public static final String FAILED_AT = "mesh-failed-at";

	/**
	 * Header of a response that refuses a request before the receiver did anything for
	 * it: what the request said in {@link #DESTINATION}. The status says why: 421 another
	 * service was meant, 503 too many requests, 504 the caller no longer waits. A caller
	 * may believe it only if it gets back the name that it has sent. A response that the
	 * receiver passes on has the name of another service.
	 */
	public static final String REFUSED = "mesh-refused";

	/**
	 * Response header: the load of the instance, such as {@code inflight=3,util=0.42}.
	 */
	public static final String LOAD = "mesh-load";

	private MeshHeaders() {
	}

}
