package io.redmesh.core.call;

/**
 * A call was not begun, since whoever asked for it waits no more: the deadline of the
 * request that it was to be made for has passed. Says nothing about the service.
 */
@SuppressWarnings("serial")
public class DeadlinePassedException extends NoEndpointException {

	/**
	 * Creates the exception.
	 * @param message which service, and how late it is
	 */
	public DeadlinePassedException(String message) {
		super(message);
	}

}
