package io.redmesh.core.call;

/** The exception for a call beyond the limit of calls in flight to one service. */
@SuppressWarnings("serial")
public class TooManyCallsException extends NoEndpointException {

	/**
	 * Creates the exception.
	 * @param message the service, and the number of calls
	 */
	public TooManyCallsException(String message) {
		super(message);
	}

}
