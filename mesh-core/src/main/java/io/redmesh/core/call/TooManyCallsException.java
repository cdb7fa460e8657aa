package io.redmesh.core.call;

/** As many calls of a service are under way as are permitted. */
@SuppressWarnings("serial")
public class TooManyCallsException extends NoEndpointException {

	/**
	 * Creates the exception.
	 * @param message which service, and how many calls
	 */
	public TooManyCallsException(String message) {
		super(message);
	}

}
