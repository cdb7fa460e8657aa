package io.redmesh.autoconfigure.call;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.micrometer.observation.Observation;
import io.redmesh.core.call.CallPlan;
import io.redmesh.core.call.DeadlinePassedException;
import io.redmesh.core.call.NoEndpointException;
import io.redmesh.core.call.Turn;
import org.jspecify.annotations.Nullable;

/**
 * A call that is planned and has not begun: if too many of its service are under way it
 * has to wait for its turn, which blocking drivers do by {@link #await()} and others by
 * {@link #turn()}. For one call only; not safe for use by several threads at once.
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
	 * Returns what to wait for.
	 * @return the turn, or null if the call may begin at once, as nearly always
	 * @throws NoEndpointException if too many wait already, or it is too late
	 */
	public @Nullable Turn turn() throws NoEndpointException {
		try {
			return this.plan.turn();
		}
		catch (NoEndpointException ex) {
			throw refused(ex);
		}
	}

	/**
	 * Begins the call with its first attempt, if it is its turn or need not wait.
	 * @return the call
	 * @throws NoEndpointException if the service has nobody to call
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
	 * Waits for its turn and begins the call with its first attempt.
	 * @return the call
	 * @throws NoEndpointException if the service has nobody to call, or too many calls
	 * for as long as this one can wait
	 * @throws InterruptedIOException if the thread was interrupted; it is again
	 */
	public HttpCall await() throws IOException {
		Turn turn = turn();
		if (turn != null) {
			await(turn);
		}
		return begin();
	}

	private void await(Turn turn) throws IOException {
		boolean came = false;
		try {
			turn.comes().get(turn.patience(), TimeUnit.NANOSECONDS);
			came = true;
		}
		catch (TimeoutException ex) {
			throw missed(turn);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new InterruptedIOException("Interrupted while waiting until other calls are over");
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException(ex);
		}
		finally {
			if (!came) {
				turn.leave();
			}
		}
	}

	/**
	 * The call has waited for its turn as long as it can.
	 * @param turn what it has waited for
	 * @return what to throw
	 */
	public NoEndpointException missed(Turn turn) {
		return refused(turn.missed());
	}

	private NoEndpointException refused(NoEndpointException ex) {
		if (this.served != null && !(ex instanceof DeadlinePassedException)) {
			this.served.callFailed(this.plan.service(), ex);
		}
		return ex;
	}

}
