package io.redmesh.registry.catalog;

import java.time.Duration;
import java.util.Objects;

import io.redmesh.core.registry.Cursor;
import io.redmesh.registry.store.Digest;
import org.jspecify.annotations.Nullable;

/**
 * A check that a namespace's feed keeps up with the store. A feed that stays at one
 * cursor behind the store for too long is dead, whatever the cause.
 * <p>
 * Safe for use by many threads.
 */
final class FeedWatchdog {

	// Reading a large namespace again takes time, and more of it on a slow server.
	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final Duration MAX_PATIENCE = PATIENCE.multipliedBy(16);

	private @Nullable Cursor at;

	private long since;

	private Duration patience = PATIENCE;

	private volatile long lag;

	/**
	 * Compares the feed with the store.
	 * @param position the position of the copy, or null if nothing was read yet
	 * @param digest the digest of the store
	 * @param now the monotonic time
	 * @return whether the feed must be subscribed again
	 */
	boolean isStuck(@Nullable CatalogPosition position, Digest digest, long now) {
		Cursor here = (position != null) ? position.cursor() : null;
		Cursor store = digest.cursor();
		this.lag = (here != null && here.sameEpoch(store)) ? Math.max(0, store.revision() - here.revision()) : 0;
		return isStuck(here, store, now);
	}

	/**
	 * Returns how many changes the copy was behind the store at the last comparison.
	 * @return zero also if the epochs differed
	 */
	long lag() {
		return this.lag;
	}

	private synchronized boolean isStuck(@Nullable Cursor here, Cursor store, long now) {
		boolean behind = here == null || (!here.equals(store) && !store.isBefore(here));
		if (!behind || this.since == 0 || !Objects.equals(here, this.at)) {
			if (!behind) {
				this.patience = PATIENCE;
			}
			this.at = here;
			this.since = now | 1;
			return false;
		}
		if (now - this.since <= this.patience.toNanos()) {
			return false;
		}
		this.since = now | 1;
		this.patience = (this.patience.compareTo(MAX_PATIENCE) < 0) ? this.patience.multipliedBy(2) : MAX_PATIENCE;
		return true;
	}

}
