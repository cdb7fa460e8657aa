package io.redmesh.registry.store.memory;

import java.time.Duration;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.registry.Lease;
import io.redmesh.registry.store.Incarnation;

/**
 * An instance and its lease.
 *
 * @param own the instance as it registered, and whether it is a suspect
 * @param ttl the TTL of its lease
 * @param token the token of its lease; empty if it was restored from a backup and no
 * client has shown one since
 * @param expiresAt the end of its lease, in monotonic nanoseconds
 * @param suspectSince the time at which it became a suspect, if it is one
 * @param changed the cursor of its last change
 */
record Registration(Instance own, Duration ttl, String token, long expiresAt, long suspectSince, Cursor changed) {

	/** Returns the registration with a renewed lease, which is no visible change. */
	Registration renewed(long now) {
		return new Registration(this.own, this.ttl, this.token, now + this.ttl.toNanos(), this.suspectSince,
				this.changed);
	}

	/** Returns a registration from a backup with the token that holds it from now on. */
	Registration withToken(String token, long fence) {
		return new Registration(this.own.withFence(fence), this.ttl, token, this.expiresAt, this.suspectSince,
				this.changed);
	}

	Registration withSuspect(boolean suspect, long now) {
		return new Registration(this.own.withSuspect(suspect), this.ttl, this.token, this.expiresAt, now, this.changed);
	}

	Registration changedAt(Cursor cursor) {
		return new Registration(this.own, this.ttl, this.token, this.expiresAt, this.suspectSince, cursor);
	}

	boolean isExpired(long now) {
		return now - this.expiresAt >= 0;
	}

	/** Returns whether a renewal is missing. One is due in each third of the TTL. */
	boolean isOverdue(long now) {
		return this.expiresAt - now < this.ttl.toNanos() / 2;
	}

	boolean isRenewedWithin(Duration age, long now) {
		return now - (this.expiresAt - this.ttl.toNanos()) < age.toNanos();
	}

	boolean hasGrace(long now, long graceFrom) {
		return now - graceFrom < this.ttl.toNanos();
	}

	Incarnation incarnation() {
		return new Incarnation(this.own.service(), this.own.id(), this.own.fence());
	}

	Lease lease() {
		return Lease.grant(this.ttl, this.token, this.own.fence());
	}

}
