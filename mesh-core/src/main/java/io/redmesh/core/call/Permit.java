package io.redmesh.core.call;

import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * A call's place among those in flight, or in the queue for one. Its limit owns its
 * state, which is guarded by the limit's lock.
 */
final class Permit {

	/** The permit of calls that are not counted. */
	static final Permit UNCOUNTED = new Permit(null, null);

	private final @Nullable CallLimit limit;

	private final @Nullable CompletableFuture<@Nullable Void> granted;

	private State state;

	Permit(@Nullable CallLimit limit, @Nullable CompletableFuture<@Nullable Void> granted) {
		this.limit = limit;
		this.granted = granted;
		this.state = (granted != null) ? State.WAITING : State.HELD;
	}

	/**
	 * Returns the future that completes when the call may begin.
	 * @return the future; null if the call may begin at once
	 */
	@Nullable CompletableFuture<@Nullable Void> granted() {
		return this.granted;
	}

	/** Releases the permit or its place in the queue; does nothing the second time. */
	void release() {
		if (this.limit != null) {
			this.limit.release(this);
		}
	}

	boolean isHeld() {
		return this.state == State.HELD;
	}

	boolean isWaiting() {
		return this.state == State.WAITING;
	}

	void grant() {
		this.state = State.HELD;
	}

	void end() {
		this.state = State.OVER;
	}

	void signalGranted() {
		if (this.granted != null) {
			this.granted.complete(null);
		}
	}

	private enum State {

		WAITING, HELD, OVER

	}

}
