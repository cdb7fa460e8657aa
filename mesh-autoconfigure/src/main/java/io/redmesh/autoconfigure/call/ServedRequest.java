package io.redmesh.autoconfigure.call;

import io.redmesh.core.call.Deadline;
import org.jspecify.annotations.Nullable;

/**
 * A request that this app serves, for the calls that the app makes meanwhile. Those calls
 * end before the request's caller gives up, as long as it waits for the response to
 * begin, and do not multiply its attempts. If the request fails with the failure of one
 * of them, the response names the service in {@link MeshHeaders#FAILED_AT}. A failure
 * that the app has caught does not count.
 * <p>
 * Blocking calls find the request by the thread that serves it, reactive ones in the
 * Reactor context under {@link #KEY}. Calls made elsewhere find none, and are calls of
 * their own. Safe for use by many threads.
 */
public final class ServedRequest {

	/** The key of the served request in a Reactor context. */
	public static final Object KEY = ServedRequest.class;

	private static final ThreadLocal<@Nullable ServedRequest> CURRENT = new ThreadLocal<>();

	private final int attempt;

	private final Deadline deadline;

	private volatile @Nullable String source;

	private final FailedCalls failedCalls = new FailedCalls();

	private volatile @Nullable String failedAt;

	private volatile boolean answerBegan;

	/**
	 * Creates the description of a request on its arrival.
	 * @param attempt the number of the attempt within its call, at least 1
	 * @param deadline the deadline of its caller
	 */
	public ServedRequest(int attempt, Deadline deadline) {
		this.attempt = attempt;
		this.deadline = deadline;
	}

	/**
	 * Returns the request that the current thread serves.
	 * @return the request, or null
	 */
	public static @Nullable ServedRequest current() {
		return CURRENT.get();
	}

	/**
	 * Sets the request that the current thread serves.
	 * @param request the request, or null for none
	 * @return the previous request, to be set again afterwards, or null
	 */
	public static @Nullable ServedRequest setCurrent(@Nullable ServedRequest request) {
		ServedRequest before = CURRENT.get();
		if (request != null) {
			CURRENT.set(request);
		}
		else {
			CURRENT.remove();
		}
		return before;
	}

	/**
	 * Returns the number of the attempt within the caller's call.
	 * @return 1 for the first
	 */
	public int attempt() {
		return this.attempt;
	}

	/**
	 * Returns the deadline of the caller. Once the response has begun, the caller has
	 * what it waited for. Neither the rest of the response nor work that outlives the
	 * request has a deadline.
	 * @return the deadline, at which the caller gives up
	 */
	public Deadline deadline() {
		return this.answerBegan ? Deadline.NONE : this.deadline;
	}

	/** Ends the deadline, because the response has begun or there will be none. */
	public void answerBegan() {
		this.answerBegan = true;
	}

	/**
	 * Sets the address that the request came from.
	 * @param address the remote address, as far as the web server knows, or null
	 */
	public void cameFrom(@Nullable String address) {
		this.source = address;
	}

	/**
	 * Returns the address that the request came from.
	 * @return the remote address, or null
	 */
	public @Nullable String source() {
		return this.source;
	}

	/**
	 * Remembers a call for this request that has finally failed, without a response.
	 * @param service the service that was called
	 * @param failure the exception that the app gets, itself or as a cause
	 */
	public void callFailed(String service, Throwable failure) {
		if (!this.answerBegan) {
			this.failedCalls.add(service, failure);
		}
	}

	/**
	 * Records the exception that ended the work for the request, whether or not the app
	 * makes a response of it. The last one counts.
	 * @param failure the exception
	 */
	public void failedWith(Throwable failure) {
		this.failedAt = this.failedCalls.find(failure);
	}

	/**
	 * Returns the service whose failed call ended the work for the request.
	 * @return the name of the service, or null if no call is the reason
	 */
	public @Nullable String failedAt() {
		return this.failedAt;
	}

}
