package io.redmesh.core.call;

/**
 * The exception for a call that was not begun because the deadline of its caller has
 * passed. That is the deadline of the request for which the app makes the call. It says
 * nothing about the called service.
 */
@SuppressWarnings("serial")
public class DeadlinePassedException extends NoEndpointException {

	/**
	 * Creates the exception.
	 * @param message the service, and how late the call is
	 */
	public DeadlinePassedException(String message) {
		super(message);
	}

}
