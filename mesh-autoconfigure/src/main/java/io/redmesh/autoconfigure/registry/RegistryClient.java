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
 * The client of the registry's protocol. No method blocks, and none fails: refusals of
 * the registry and an unreachable registry are responses.
 * <p>
 * Safe for use by many threads.
 */
public interface RegistryClient {

	/**
	 * Registers an instance, updates it, or renews its lease.
	 * @param instance the instance
	 * @param ttl the duration of its lease
	 * @param held the lease that is held or was held last, or null. With it, an instance
	 * whose id was taken over stays out
	 * @param incarnation the secret of its incarnation, from {@link #incarnation()}. With
	 * it, a request can be repeated when its response is lost
	 * @return the response, with the lease if {@link Answer.Outcome#DONE}
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
	 * @param rules the revision of the traffic rules to report, or null
	 * @return the response, with the lease if {@link Answer.Outcome#DONE}
	 */
	CompletionStage<Answer> renew(Instance instance, Lease held, @Nullable String rules);

	/**
	 * Sets an instance's own status. To {@link Status#DRAINING} the registry responds
	 * when it has told its watchers.
	 * @param instance the instance
	 * @param held its lease
	 * @param status the status
	 * @return the response
	 */
	CompletionStage<Answer> status(Instance instance, Lease held, Status status);

	/**
	 * Ends a lease.
	 * @param instance the instance
	 * @param held its lease
	 * @return the response, {@link Answer.Outcome#DONE} also if the lease had ended
	 */
	CompletionStage<Answer> deregister(Instance instance, Lease held);

	/**
	 * Opens a watch at the server in use. It follows the traffic rules, too.
	 * @param services the services to follow, or the one word {@code *}
	 * @param after the id of the last applied event, or null to begin with a snapshot
	 * @param self the identity of the watcher, or null if it is not registered
	 * @param listener receives each event, on a thread of the client
	 * @return the watch, to be closed by the caller
	 */
	Watch watch(Collection<String> services, @Nullable String after, @Nullable WatchIdentity self,
			WatchListener listener);

	/**
	 * Reports instances that refused connections, so that the registry checks them. The
	 * registry decides whether it does.
	 * @param refused the instances, 100 at most
	 * @return the response, which says only that the request has ended
	 */
	CompletionStage<Answer> hint(Collection<Instance> refused);

	/**
	 * Returns the server in use.
	 * @return its base URL
	 */
	URI url();

	/** An open stream of events. */
	interface Watch {

		/**
		 * Requests the event after the last one received. The first is sent unrequested.
		 */
		void next();

		/**
		 * Ends the watch because its server is faulty. The listener is told, and the next
		 * watch goes to another server if there is one.
		 * @param reason the fault, for people to read
		 */
		void giveUp(String reason);

		/** Ends the watch. Its listener may still receive an event that was in flight. */
		void close();

	}

	/** The receiver of a watch: of its events one by one, and of its end once. */
	interface WatchListener {

		/**
		 * Receives an event. The next one is sent after {@link Watch#next()}.
		 * @param event the event
		 * @param id the opaque id from which a later watch can resume; for rules, that of
		 * the event before
		 */
		void received(WatchEvent event, String id);

		/**
		 * Handles the end of the watch, or the failure to open it. The next watch goes to
		 * another server if there is one.
		 * @param reason the reason, for people to read
		 */
		void ended(String reason);

	}

}
