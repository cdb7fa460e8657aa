package io.redmesh.core.call;

import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * That a call counts among those under way, or waits to, until it leaves. Its state is
 * its limit's and guarded by the lock of that.
 */
final class Permit {

	/** For calls that are not counted. */
	static final Permit UNCOUNTED = new Permit(null, null);

	private final @Nullable CallLimit limit;

	private final @Nullable CompletableFuture<@Nullable Void> turn;

	private State state;

	Permit(@Nullable CallLimit limit, @Nullable CompletableFuture<@Nullable Void> turn) {
		this.limit = limit;
		this.turn = turn;
		this.state = (turn != null) ? State.WAITING : State.HELD;
	}

	/**
	 * Tells when the call may begin.
	 * @return completed then; null if it may at once
	 */
	@Nullable CompletableFuture<@Nullable Void> turn() {
		return this.turn;
	}

	/** Leaves; does nothing the second time. */
	void leave() {
		if (this.limit != null) {
			this.limit.leave(this);
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

	void tell() {
		if (this.turn != null) {
			this.turn.complete(null);
		}
	}

	private enum State {

		WAITING, HELD, OVER

	}

}
