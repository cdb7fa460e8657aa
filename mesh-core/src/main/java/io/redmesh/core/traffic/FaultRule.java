package io.redmesh.core.traffic;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * The faults to inject into the attempts of a call. Delay and abort are drawn
 * independently, and the delay comes first.
 *
 * @param delay the delay, or null
 * @param abort the abort, or null
 */
public record FaultRule(@Nullable Delay delay, @Nullable Abort abort) {

	/**
	 * A delay before an attempt is sent.
	 *
	 * @param duration the delay
	 * @param percentage the share of attempts that are delayed
	 */
	public record Delay(Duration duration, Percentage percentage) {
	}

	/**
	 * A response in place of the attempt.
	 *
	 * @param status the status, 200 to 599
	 * @param percentage the share of attempts that are aborted
	 */
	public record Abort(int status, Percentage percentage) {
	}

}
