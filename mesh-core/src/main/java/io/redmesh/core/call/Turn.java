package io.redmesh.core.call;

import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * That a call waits until others of its service are over, before it begins.
 * <p>
 * Safe for use by many threads.
 */
public final class Turn {

	private final Destination destination;

	private final Permit permit;

	private final CompletableFuture<@Nullable Void> comes;

	private final long patience;

	Turn(Destination destination, Permit permit, CompletableFuture<@Nullable Void> comes, long patience) {
		this.destination = destination;
		this.permit = permit;
		this.comes = comes;
		this.patience = patience;
	}

	/**
	 * Tells when it is the call's turn.
	 * @return completed then, by the thread that made room
	 */
	public CompletableFuture<@Nullable Void> comes() {
		return this.comes;
	}

	/**
	 * Returns how long the call may wait.
	 * @return nanoseconds, {@link Long#MAX_VALUE} for as long as it likes
	 */
	public long patience() {
		return this.patience;
	}

	/**
	 * The call has waited in vain.
	 * @return what to throw
	 */
	public NoEndpointException missed() {
		leave();
		return this.destination.tooMany("it has waited in vain for others to be over");
	}

	/** Nobody waits for the call any more. */
	public void leave() {
		this.permit.leave();
	}

}
