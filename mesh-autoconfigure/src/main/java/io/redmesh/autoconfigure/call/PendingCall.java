package io.redmesh.autoconfigure.call;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.micrometer.observation.Observation;
import io.redmesh.core.call.CallPlan;
import io.redmesh.core.call.DeadlinePassedException;
import io.redmesh.core.call.NoEndpointException;
import org.jspecify.annotations.Nullable;

/**
 * A planned call that has not begun. If all permits of its service are taken, it waits in
 * a queue: blocking drivers call {@link #await()}, reactive ones
 * {@link #acquirePermit()}. For one call only; not safe for use by several threads at
 * once.
 */
public final class PendingCall {

	private final HttpCalls calls;

	private final CallPlan plan;

	private final @Nullable StickyCookie session;

	private final @Nullable ServedRequest served;

	private final @Nullable Observation parent;

	PendingCall(HttpCalls calls, CallPlan plan, @Nullable StickyCookie session, @Nullable ServedRequest served,
			@Nullable Observation parent) {
		this.calls = calls;
		this.plan = plan;
		this.session = session;
		this.served = served;
		this.parent = parent;
	}

	/**
	 * Takes a permit, or a place in the queue for one.
	 * @return the future that completes when the call may begin; null if it may begin at
	 * once, as nearly always
	 * @throws NoEndpointException if the queue is full, or the deadline has passed
	 */
	public @Nullable CompletableFuture<?> acquirePermit() throws NoEndpointException {
		try {
			return this.plan.acquirePermit();
		}
		catch (NoEndpointException ex) {
			throw refused(ex);
		}
	}

	/**
	 * Begins the call with its first attempt, once it has a permit.
	 * @return the call
	 * @throws NoEndpointException if the service has no instance to call
	 */
	public HttpCall begin() throws NoEndpointException {
		try {
			return this.calls.begin(this.plan, this.session, this.served, this.parent);
		}
		catch (NoEndpointException ex) {
			throw refused(ex);
		}
	}

	/**
	 * Waits for a permit, and begins the call with its first attempt.
	 * @return the call
	 * @throws NoEndpointException if the service has no instance to call, or no permit
	 * becomes free in the time that the call can wait
	 * @throws InterruptedIOException if the thread was interrupted; its interrupt flag is
	 * set again
	 */
	public HttpCall await() throws IOException {
		CompletableFuture<?> granted = acquirePermit();
		if (granted != null) {
			await(granted);
		}
		return begin();
	}

	private void await(CompletableFuture<?> granted) throws IOException {
		boolean hasPermit = false;
		try {
			granted.get(timeLeft(), TimeUnit.NANOSECONDS);
			hasPermit = true;
		}
		catch (TimeoutException ex) {
			throw permitTimedOut();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new InterruptedIOException("Interrupted while waiting for a permit");
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException(ex);
		}
		finally {
			if (!hasPermit) {
				abandon();
			}
		}
	}

	/**
	 * Returns how long the call may wait.
	 * @return nanoseconds, {@link Long#MAX_VALUE} for no limit
	 */
	public long timeLeft() {
		return this.plan.timeLeft();
	}

	/**
	 * Gives up the wait for a permit, because the call cannot wait any longer.
	 * @return the exception to throw
	 */
	public NoEndpointException permitTimedOut() {
		return refused(this.plan.permitTimedOut());
	}

	/** Gives up the wait for a permit, because the caller no longer waits. */
	public void abandon() {
		this.plan.release();
	}

	private NoEndpointException refused(NoEndpointException ex) {
		if (this.served != null && !(ex instanceof DeadlinePassedException)) {
			this.served.callFailed(this.plan.service(), ex);
		}
		return ex;
	}

}
