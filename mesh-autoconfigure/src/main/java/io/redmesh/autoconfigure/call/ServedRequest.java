package io.redmesh.autoconfigure.call;

import org.jspecify.annotations.Nullable;

/**
 * A request that this app serves, for the calls that are made on its behalf: they end
 * before its caller gives up, as long as it waits for the answer to begin, and do not
 * multiply its attempts. If one of them is what the request failed with, the answer says
 * so, in {@link MeshHeaders#FAILED_AT}; a failure that the app has caught is forgotten.
 * <p>
 * Blocking calls find it by the thread that serves it, reactive ones in the Reactor
 * context under {@link #KEY}. Calls made elsewhere find none, and are calls of their own.
 * Safe for use by many threads.
 */
public final class ServedRequest {

	/** Where it stands in a Reactor context. */
	public static final Object KEY = ServedRequest.class;

	private static final ThreadLocal<@Nullable ServedRequest> CURRENT = new ThreadLocal<>();

	private final int attempt;

	private final boolean limited;

	private final long deadline;

	private volatile @Nullable String source;

	private final FailedCalls failedCalls = new FailedCalls();

	private volatile @Nullable String failedAt;

	private volatile boolean answerBegan;

	/**
	 * Creates what is known of a request on its arrival.
	 * @param attempt which attempt of its call it is, at least 1
	 * @param limited whether its caller waits only until the deadline
	 * @param deadline the monotonic time at which its caller gives up, if it is limited
	 */
	public ServedRequest(int attempt, boolean limited, long deadline) {
		this.attempt = attempt;
		this.limited = limited;
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
	 * Lets the current thread serve a request.
	 * @param request the request, or null for none
	 * @return the one that it served until now, to be set again afterwards, or null
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
	 * Tells which attempt of its caller it is.
	 * @return 1 for the first
	 */
	public int attempt() {
		return this.attempt;
	}

	/**
	 * Tells whether its caller will give up. Once the answer has begun the caller has
	 * what it waited for: neither the rest of the answer nor work that outlives the
	 * request has a deadline.
	 * @return whether there is a deadline
	 */
	public boolean isLimited() {
		return this.limited && !this.answerBegan;
	}

	/** Ends the deadline, since the answer has begun or there will be none. */
	public void answerBegan() {
		this.answerBegan = true;
	}

	/**
	 * Returns when its caller gives up.
	 * @return monotonic nanoseconds, meaningless unless it is limited
	 */
	public long deadline() {
		return this.deadline;
	}

	/**
	 * It came from somewhere.
	 * @param address the remote address, as far as the web server knows, or null
	 */
	public void cameFrom(@Nullable String address) {
		this.source = address;
	}

	/**
	 * Returns where it came from.
	 * @return an address, or null
	 */
	public @Nullable String source() {
		return this.source;
	}

	/**
	 * Remembers that a call on its behalf has failed for good, without an answer.
	 * @param service the service that was called
	 * @param failure what the app gets to see of it, itself or as a cause
	 */
	public void callFailed(String service, Throwable failure) {
		if (!this.answerBegan) {
			this.failedCalls.add(service, failure);
		}
	}

	/**
	 * Takes in the exception that ended the work for it, whether or not the app makes an
	 * answer of it. The last one counts.
	 * @param failure the exception
	 */
	public void failedWith(Throwable failure) {
		this.failedAt = this.failedCalls.find(failure);
	}

	/**
	 * Returns which service's failure its own would be.
	 * @return the service whose failed call ended the work for it, or null
	 */
	public @Nullable String failedAt() {
		return this.failedAt;
	}

}
