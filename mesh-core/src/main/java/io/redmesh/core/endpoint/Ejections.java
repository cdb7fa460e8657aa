package io.redmesh.core.endpoint;

import io.redmesh.core.time.Time;
import org.jspecify.annotations.Nullable;

/**
 * The ejections of one endpoint, one after another.
 * <p>
 * Any thread may read the current one; other methods are called under the pool's lock.
 */
final class Ejections {

	private volatile @Nullable Ejection current;

	private int times;

	private long restoredAt;

	Ejections(long nanos) {
		this.restoredAt = nanos;
	}

	/** Returns the current ejection, or null. */
	@Nullable Ejection current() {
		return this.current;
	}

	/**
	 * Begins an ejection. It lasts longer than the last one if a probe has failed, or if
	 * the last one ended more recently than it lasted.
	 */
	Ejection begin(EjectionCause cause, EjectionPolicy policy, long nanos) {
		Ejection before = this.current;
		boolean again = (before != null) ? before.probed()
				: this.times > 0 && nanos - this.restoredAt < policy.nanos(this.times);
		if (again) {
			this.times++;
		}
		else if (before == null) {
			this.times = 1;
		}
		Ejection next = new Ejection(cause, this.times, nanos, nanos + policy.nanos(this.times), false);
		this.current = next;
		return next;
	}

	/**
	 * Marks the endpoint as probed, so that no other call probes it until the probe must
	 * have ended.
	 */
	void probe(Ejection ejection, EjectionPolicy policy, long nanos) {
		// Each probe of an instance that never responds is a call that waits long.
		long patience = ejection.cause().isUnreachable() ? policy.nanos(ejection.times())
				: Time.nanos(policy.maxEjection());
		this.current = ejection.probedUntil(nanos + patience);
	}

	/** Ends the current ejection. */
	void end(long nanos) {
		this.current = null;
		this.restoredAt = nanos;
	}

}
