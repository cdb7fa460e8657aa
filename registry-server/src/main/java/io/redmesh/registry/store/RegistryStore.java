package io.redmesh.registry.store;

import java.time.Duration;
import java.util.List;
import java.util.Set;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Status;
import io.redmesh.core.registry.Cursor;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The truth about all namespaces: instances, leases, overrides, and the order in which
 * they changed. Each method that writes is one atomic transition on the store's own
 * clock, and each visible change moves the namespace's revision by one and enters its
 * feed. A renewal is no visible change.
 * <p>
 * Refusals that the protocol knows are values, not errors. A {@link Mono} fails with
 * {@link StoreUnavailableException} when the store cannot be reached, in which case the
 * transition may or may not have happened.
 * <p>
 * Safe for use by many threads.
 */
public interface RegistryStore {

	/** The namespace that exists in each store. */
	String DEFAULT_NAMESPACE = "default";

	/** The largest number of backup lines in one transition. */
	int MAX_LOADED = 100;

	/**
	 * Says which kind of store this is.
	 * @return {@code redis} or {@code memory}
	 */
	String kind();

	/**
	 * Registers an instance, updates it, or renews its lease, as the page
	 * {@code docs/rest.md} says.
	 * @param namespace the namespace, created when it is not there
	 * @param instance the instance; its fence is ignored
	 * @param ttl how long its lease holds
	 * @param claim by what the caller claims to be the one that is registered
	 * @return what became of it
	 */
	Mono<RegisterResult> register(String namespace, Instance instance, Duration ttl, Claim claim);

	/**
	 * Renews many leases in one transition.
	 * @param namespace the namespace
	 * @param leases the leases
	 * @return one result for each lease, in the same order, and where history stands
	 */
	Mono<RenewResult> renew(String namespace, List<LeaseKey> leases);

	/**
	 * Ends a lease at its holder's wish and fences late writes of that incarnation.
	 * @param namespace the namespace
	 * @param lease the lease
	 * @return {@link LeaseState#HELD} when it was ended now
	 */
	default Mono<WriteResult> deregister(String namespace, LeaseKey lease) {
		return deregister(namespace, lease, Duration.ZERO);
	}

	/**
	 * Ends a lease as its holder asked some time ago, unless it was renewed since.
	 * @param namespace the namespace
	 * @param lease the lease
	 * @param age how long ago
	 * @return {@link LeaseState#HELD} when it was ended now, {@link LeaseState#UNKNOWN}
	 * also when it was renewed since
	 */
	Mono<WriteResult> deregister(String namespace, LeaseKey lease, Duration age);

	/**
	 * Sets the instance's own word on whether it wants calls. Also renews its lease.
	 * @param namespace the namespace
	 * @param lease the lease
	 * @param status the status, not {@link Status#OUT_OF_SERVICE}
	 * @return {@link LeaseState#HELD} when it is set now
	 */
	Mono<WriteResult> status(String namespace, LeaseKey lease, Status status);

	/**
	 * Sets or removes an operator's override. It outlives the instance's re-registration.
	 * @param namespace the namespace
	 * @param service the service
	 * @param id the instance's id
	 * @param override the override, or null to remove it
	 * @return {@link LeaseState#UNKNOWN} when there is neither an instance nor an
	 * override
	 */
	Mono<WriteResult> override(String namespace, String service, String id, @Nullable InstanceOverride override);

	/**
	 * Evicts instances whose lease has expired, or keeps them as suspects where a guard
	 * holds. Decides on the store's clock and on what stands in the store, so that any
	 * number of servers may call it as often as they like.
	 * @param namespace the namespace
	 * @param rules the limits
	 * @return what came of it
	 */
	Mono<Sweep> evict(String namespace, EvictionRules rules);

	/**
	 * Begins to doubt an incarnation, because it refused a connection.
	 * @param namespace the namespace
	 * @param who whom
	 * @return whether it was not doubted before and is now
	 */
	Mono<Boolean> suspect(String namespace, Incarnation who);

	/**
	 * Clears an incarnation of a doubt, because there is proof that it lives. Does not
	 * when its renewals are missing: a process that stands still keeps its connections.
	 * @param namespace the namespace
	 * @param who whom
	 * @return whether it was doubted before and is not now
	 */
	Mono<Boolean> clear(String namespace, Incarnation who);

	/**
	 * Evicts an incarnation that refuses connections, if it is still doubted.
	 * @param namespace the namespace
	 * @param who whom
	 * @param rules the limits
	 * @return whether it was evicted by this call
	 */
	Mono<Boolean> evictRefused(String namespace, Incarnation who, EvictionRules rules);

	/**
	 * Puts back what a new epoch does not hold: what is known of departures first, then
	 * instances, each with one TTL. Among several words about one instance the newest
	 * wins, and any word of the new epoch wins over those of the past.
	 * @param namespace the namespace
	 * @param epoch a cursor of the epoch into which
	 * @param remembered what was there before, in any order
	 * @return what was missing and is back
	 */
	Mono<Restored> restore(String namespace, Cursor epoch, List<Remembered> remembered);

	/**
	 * Puts back what a backup holds and the namespace does not. An instance comes back
	 * with one TTL and without a token: the first client that shows a token of this id
	 * whose fence is not older holds it from then on. It does not come back if another
	 * instance holds the id or has left it within ten minutes; an override does not if
	 * there is one, or one was removed within ten minutes.
	 * @param namespace the namespace, created when it is not there
	 * @param backups some of the backup, at most {@value #MAX_LOADED}
	 * @return what came back
	 */
	Mono<LoadResult> load(String namespace, List<Backup> backups);

	/**
	 * Returns all overrides, also of instances that are not registered.
	 * @param namespace the namespace
	 * @return the overrides, in any order
	 */
	Mono<List<OverrideEntry>> overrides(String namespace);

	/**
	 * Tells whether there are instances in a namespace.
	 * @param namespace the namespace
	 * @return whether there are
	 */
	Mono<Boolean> isOccupied(String namespace);

	/**
	 * Forgets a namespace in which there is nothing, no override either, and that nothing
	 * has left for ten minutes. A later registration makes it again, in the same history.
	 * @param namespace the namespace
	 * @return whether it was forgotten
	 */
	Mono<Boolean> forget(String namespace);

	/**
	 * Adds a namespace with instances to {@link #namespaces()}, if it is missing there.
	 * @param namespace the namespace
	 * @return empty, afterwards
	 */
	Mono<Void> enlist(String namespace);

	/**
	 * Makes followers begin again with a reset, because what they told turned out wrong.
	 * @param namespace the namespace
	 */
	void reread(String namespace);

	/**
	 * Follows a namespace: first a {@link FeedEvent.Reset}, then every change in order,
	 * each once; again a reset whenever history cannot be continued (a new epoch, a gap).
	 * Never completes and never fails: while the store is away nothing is emitted, and
	 * afterwards it goes on where it was. Events are emitted one after another.
	 * @param namespace the namespace
	 * @return the events
	 */
	Flux<FeedEvent> follow(String namespace);

	/**
	 * Says that somebody has seen a later epoch than this store knows: it may have to
	 * look for its data elsewhere. What is said proves nothing; the store only looks.
	 */
	void seek();

	/**
	 * Returns all namespaces in which something was ever registered.
	 * @return their names
	 */
	Mono<Set<String>> namespaces();

	/**
	 * Tells whether the store answers, by asking it.
	 * @return empty when it does
	 */
	Mono<Void> ping();

}
