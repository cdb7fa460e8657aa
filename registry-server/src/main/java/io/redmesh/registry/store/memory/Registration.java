package io.redmesh.registry.store.memory;

import java.time.Duration;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.registry.Lease;
import io.redmesh.registry.store.Incarnation;

/**
 * An instance and its lease.
 *
 * @param own what it says of itself, and whether it is doubted
 * @param ttl how long its lease holds
 * @param token the token of its lease
 * @param expiresAt when its lease ends, in monotonic nanoseconds
 * @param doubtedAt since when it is doubted, if it is
 * @param changed the place in history of its last change
 */
record Registration(Instance own, Duration ttl, String token, long expiresAt, long doubtedAt, Cursor changed) {

	/** Its lease is renewed, which is no change. */
	Registration renewed(long now) {
		return new Registration(this.own, this.ttl, this.token, now + this.ttl.toNanos(), this.doubtedAt, this.changed);
	}

	/** Comes from a backup and is held with a token from now on. */
	Registration taken(String token, long fence) {
		return new Registration(this.own.withFence(fence), this.ttl, token, this.expiresAt, this.doubtedAt,
				this.changed);
	}

	Registration doubted(boolean doubted, long now) {
		return new Registration(this.own.withSuspect(doubted), this.ttl, this.token, this.expiresAt, now, this.changed);
	}

	Registration changedAt(Cursor cursor) {
		return new Registration(this.own, this.ttl, this.token, this.expiresAt, this.doubtedAt, cursor);
	}

	boolean isExpired(long now) {
		return now - this.expiresAt >= 0;
	}

	/** A renewal comes every third of the TTL, or oftener. */
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
