package io.redmesh.core.traffic;

/**
 * The changes of headers that a route or a destination makes.
 *
 * @param request the change of the request's headers
 * @param response the change of the response's headers
 */
public record HeaderOperations(HeaderChange request, HeaderChange response) {

	/** No change. */
	public static final HeaderOperations NONE = new HeaderOperations(HeaderChange.NONE, HeaderChange.NONE);

}
