package io.redmesh.autoconfigure.registry;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Collection;
import java.util.HexFormat;
import java.util.concurrent.CompletionStage;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Status;
import io.redmesh.core.registry.Lease;
import org.jspecify.annotations.Nullable;

/**
 * The registry's protocol as an app speaks it. Nothing here blocks, and nothing fails:
 * refusals of the registry and a registry that cannot be reached are answers.
 * <p>
 * Safe for use by many threads.
 */
public interface RegistryClient {

	/**
	 * Registers an instance, updates it, or renews its lease.
	 * @param instance the instance
	 * @param ttl how long its lease shall hold
	 * @param held the lease that is or was held last, or null. With it, an instance that
	 * was taken over stays out
	 * @param incarnation what this incarnation has drawn for itself with
	 * {@link #incarnation()}, so that a request can be repeated when its answer is lost
	 * @return the answer, with the lease if {@link Answer.Outcome#DONE}
	 */
	CompletionStage<Answer> register(Instance instance, Duration ttl, @Nullable Lease held, String incarnation);

	/**
	 * Draws the secret of an incarnation.
	 * @return 32 hexadecimal digits
	 */
	static String incarnation() {
		byte[] bytes = new byte[16];
		new SecureRandom().nextBytes(bytes);
		return HexFormat.of().formatHex(bytes);
	}

	/**
	 * Renews a lease.
	 * @param instance the instance
	 * @param held its lease
	 * @return the answer, with the lease if {@link Answer.Outcome#DONE}
	 */
	CompletionStage<Answer> renew(Instance instance, Lease held);

	/**
	 * Sets an instance's own status. For {@link Status#DRAINING} the registry answers
	 * when it has told its watchers.
	 * @param instance the instance
	 * @param held its lease
	 * @param status the status
	 * @return the answer
	 */
	CompletionStage<Answer> status(Instance instance, Lease held, Status status);

	/**
	 * Ends a lease.
	 * @param instance the instance
	 * @param held its lease
	 * @return the answer, {@link Answer.Outcome#DONE} also when it was no more
	 */
	CompletionStage<Answer> deregister(Instance instance, Lease held);

	/**
	 * Begins to follow the registry at the server in use.
	 * @param services the services to follow, or the one word {@code *}
	 * @param after the id of the last event that was taken in, or null to begin with a
	 * snapshot
	 * @param self who watches, or null for somebody who is not registered
	 * @param listener is told of each event, on a thread of the client
	 * @return the watch, to be closed by the caller
	 */
	Watch watch(Collection<String> services, @Nullable String after, @Nullable WatchIdentity self,
			WatchListener listener);

	/**
	 * Tells which instances refused connections, so that the registry looks after them.
	 * Whether it does is its own affair.
	 * @param refused the instances, 100 at most
	 * @return the answer, for nothing but to know that it is over
	 */
	CompletionStage<Answer> hint(Collection<Instance> refused);

	/**
	 * Returns which server is in use.
	 * @return its base URL
	 */
	URI url();

	/** A stream of events that is open. */
	interface Watch {

		/** Asks for the event after the one last received. The first comes unasked. */
		void next();

		/**
		 * Ends the watch because of its server: the listener is told, and the next watch
		 * goes to another server if there is one.
		 * @param reason what is wrong, for people to read
		 */
		void giveUp(String reason);

		/** Ends the watch; its listener may still hear of an event that was under way. */
		void close();

	}

	/** Hears of a watch: events one by one, and its end once. */
	interface WatchListener {

		/**
		 * The registry has told something. The next event comes after
		 * {@link Watch#next()}.
		 * @param event what it told
		 * @param id from where a later watch can go on; opaque
		 */
		void received(WatchEvent event, String id);

		/**
		 * The watch has ended, or never began. The next one goes to another server if
		 * there is one.
		 * @param reason why, for people to read
		 */
		void ended(String reason);

	}

}
