package io.redmesh.demo.launcher;

import java.util.Locale;

/**
 * The rate of calls in a scenario, with the reason for it. A scenario shows that no call
 * fails when instances join and leave, not how fast the machine is.
 *
 * @param perSecond calls per second
 * @param reason the reason for this rate
 */
record Pace(int perSecond, String reason) {

	/** The highest rate in calls per second; more would show nothing more. */
	static final int MAX = 200;

	/**
	 * The divisor of the throughput. A starting JVM takes a processor for some seconds.
	 * While all instances are rolled, inventory gets half as many calls again.
	 */
	private static final int DIVISOR = 4;

	/** Returns the pace that the command line sets. */
	static Pace requested(int perSecond) {
		return new Pace(perSecond, "set with --rate");
	}

	/**
	 * Returns the pace that leaves room for a JVM to start.
	 * @param throughput calls per second that the demo has served at full speed
	 * @param processors the number of processors of the machine
	 */
	static Pace of(double throughput, int processors) {
		int share = Math.max(1, (int) (throughput / DIVISOR));
		String measured = "%.0f calls/s were served at full speed on %d processor%s".formatted(throughput, processors,
				(processors == 1) ? "" : "s");
		return (share >= MAX) ? new Pace(MAX, "more is not needed: " + measured)
				: new Pace(share, "a quarter leaves room for a JVM to start: " + measured);
	}

	/** Returns half of this pace, because responses did not keep up with it. */
	Pace halved() {
		return new Pace(Math.max(1, this.perSecond / 2),
				"half of %d, at which responses did not keep up; %s".formatted(this.perSecond, this.reason));
	}

	@Override
	public String toString() {
		return String.format(Locale.ROOT, "%d calls/s (%s)", this.perSecond, this.reason);
	}

}
