package io.redmesh.demo.launcher;

import java.util.Locale;

/**
 * The load of a scenario, and why it is that. What is to be shown is that no call fails
 * when instances come and go, not how fast the machine is.
 *
 * @param perSecond calls a second
 * @param reason why so many
 */
record Pace(int perSecond, String reason) {

	/** More would show nothing more. */
	static final int MAX = 200;

	/**
	 * A starting JVM takes a processor for some seconds, and half as many calls again are
	 * made of inventory while all are rolled.
	 */
	private static final int SHARE = 4;

	/** Returns the pace that was asked for on the command line. */
	static Pace asked(int perSecond) {
		return new Pace(perSecond, "as asked for with --rate");
	}

	/**
	 * Returns the pace that leaves room for a JVM to start.
	 * @param throughput calls a second that the demo has answered at full speed
	 * @param processors how many processors did
	 */
	static Pace of(double throughput, int processors) {
		int share = Math.max(1, (int) (throughput / SHARE));
		String measured = "%.0f calls/s were answered at full speed on %d processor%s".formatted(throughput, processors,
				(processors == 1) ? "" : "s");
		return (share >= MAX) ? new Pace(MAX, "more than a quarter of that is not needed: " + measured)
				: new Pace(share, "a quarter leaves room for a JVM to start: " + measured);
	}

	/** Returns half of it, since answers did not keep up. */
	Pace halved() {
		return new Pace(Math.max(1, this.perSecond / 2),
				"half of %d, at which answers did not keep up; %s".formatted(this.perSecond, this.reason));
	}

	@Override
	public String toString() {
		return String.format(Locale.ROOT, "%d calls/s (%s)", this.perSecond, this.reason);
	}

}
