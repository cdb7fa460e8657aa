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
 * The source of truth for all namespaces: instances, leases, overrides, traffic rules,
 * and the order of their changes. Each method that writes is one atomic transition on the
 * store's own clock. Each visible change increments the namespace's revision and enters
 * its feed. A renewal is no visible change.
 * <p>
 * Refusals that the protocol knows are values, not errors. A {@link Mono} fails with
 * {@link StoreUnavailableException} if the store cannot be reached. The transition may
 * then have happened or not.
 * <p>
 * Safe for use by many threads.
 */
public interface RegistryStore {

	/** The namespace that exists in each store. */
	String DEFAULT_NAMESPACE = "default";

	/** The maximum number of backup lines in one transition. */
	int MAX_LOADED = 100;

	/**
	 * Returns the kind of this store.
	 * @return {@code redis} or {@code memory}
	 */
	String kind();

	/**
	 * Registers an instance, updates it, or renews its lease, as the page
	 * {@code docs/reference/rest.md} says.
	 * @param namespace the namespace, created if it does not exist
	 * @param instance the instance; its fence is ignored
	 * @param ttl the TTL of its lease
	 * @param claim the caller's claim to be the instance that is registered
	 * @return the outcome and the lease
	 */
	Mono<RegisterResult> register(String namespace, Instance instance, Duration ttl, Claim claim);

	/**
	 * Renews many leases in one transition.
	 * @param namespace the namespace
	 * @param leases the leases
	 * @return one state for each lease, in the same order, and the position in history
	 */
	Mono<RenewResult> renew(String namespace, List<LeaseKey> leases);

	/**
	 * Ends a lease because its holder deregisters, and fences its late writes.
	 * @param namespace the namespace
	 * @param lease the lease
	 * @return {@link LeaseState#HELD} if this call ended it
	 */
	default Mono<WriteResult> deregister(String namespace, LeaseKey lease) {
		return deregister(namespace, lease, Duration.ZERO);
	}

	/**
	 * Ends a lease whose holder deregistered some time ago, unless it was renewed since.
	 * @param namespace the namespace
	 * @param lease the lease
	 * @param age the time since the holder's request
	 * @return {@link LeaseState#HELD} if this call ended it, {@link LeaseState#UNKNOWN}
	 * also if it was renewed since
	 */
	Mono<WriteResult> deregister(String namespace, LeaseKey lease, Duration age);

	/**
	 * Sets the status that an instance reports of itself. Also renews its lease.
	 * @param namespace the namespace
	 * @param lease the lease
	 * @param status the status, not {@link Status#OUT_OF_SERVICE}
	 * @return {@link LeaseState#HELD} if it is set now
	 */
	Mono<WriteResult> status(String namespace, LeaseKey lease, Status status);

	/**
	 * Sets or removes an operator's override. It outlives the instance's re-registration.
	 * @param namespace the namespace
	 * @param service the service
	 * @param id the instance's id
	 * @param override the override, or null to remove it
	 * @return {@link LeaseState#UNKNOWN} if there is neither an instance nor an override
	 */
	Mono<WriteResult> override(String namespace, String service, String id, @Nullable InstanceOverride override);

	/**
	 * Evicts instances whose lease has expired, or keeps them as suspects where a guard
	 * holds. Decides on the store's clock and on the store's content, so any number of
	 * servers may call it as often as they like.
	 * @param namespace the namespace
	 * @param rules the limits
	 * @return the result of the sweep
	 */
	Mono<Sweep> evict(String namespace, EvictionRules rules);

	/**
	 * Makes an incarnation a suspect, because it refused a connection.
	 * @param namespace the namespace
	 * @param incarnation the incarnation
	 * @return whether this call made it a suspect
	 */
	Mono<Boolean> suspect(String namespace, Incarnation incarnation);

	/**
	 * Clears a suspect, because there is proof that it lives. Does not if its renewals
	 * are missing: a process that stands still keeps its connections.
	 * @param namespace the namespace
	 * @param incarnation the incarnation
	 * @return whether this call cleared it
	 */
	Mono<Boolean> clear(String namespace, Incarnation incarnation);

	/**
	 * Evicts an incarnation that refuses connections, if it is still a suspect.
	 * @param namespace the namespace
	 * @param incarnation the incarnation
	 * @param rules the limits
	 * @return whether this call evicted it
	 */
	Mono<Boolean> evictRefused(String namespace, Incarnation incarnation, EvictionRules rules);

	/**
	 * Restores what a new epoch lacks: first departures, then instances, each with one
	 * TTL. Of several versions of one instance the newest wins, and any version of the
	 * new epoch wins over those of the past.
	 * @param namespace the namespace
	 * @param epoch a cursor of the new epoch
	 * @param remembered what was there before, in any order
	 * @return the counts of what this call restored
	 */
	Mono<Restored> restore(String namespace, Cursor epoch, List<Remembered> remembered);

	/**
	 * Restores what a backup holds and the namespace lacks. An instance comes back with
	 * one TTL and without a token: the first client that shows a token of this id whose
	 * fence is not older holds it from then on. An instance is not restored if another
	 * one holds the id, or has left it within ten minutes. An override is not restored if
	 * there is one, or if one was removed within ten minutes.
	 * @param namespace the namespace, created if it does not exist
	 * @param backups a part of the backup, at most {@value #MAX_LOADED} lines
	 * @return the counts of what this call restored
	 */
	Mono<LoadResult> load(String namespace, List<Backup> backups);

	/**
	 * Returns all overrides, also of instances that are not registered.
	 * @param namespace the namespace
	 * @return the overrides, in any order
	 */
	Mono<List<OverrideEntry>> overrides(String namespace);

	/**
	 * Returns the part of this store that holds the traffic rules.
	 * @return the rules
	 */
	RuleStore rules();

	/**
	 * Returns whether a namespace has instances.
	 * @param namespace the namespace
	 * @return whether it has at least one
	 */
	Mono<Boolean> isOccupied(String namespace);

	/**
	 * Forgets a namespace that holds nothing, neither an override nor a rule, also none
	 * that was deleted lately, and that nothing has left for ten minutes. A later
	 * registration creates it again, in the same history.
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
	 * Makes followers begin again with a reset, because their copies turned out wrong.
	 * @param namespace the namespace
	 */
	void reread(String namespace);

	/**
	 * Follows a namespace: first a {@link FeedEvent.Reset}, then every change once, in
	 * order. A reset follows again whenever history cannot be continued (a new epoch, a
	 * gap). Never completes and never fails. While the store is away it emits nothing,
	 * and afterwards it resumes. Events are emitted one after another.
	 * @param namespace the namespace
	 * @return the events
	 */
	Flux<FeedEvent> follow(String namespace);

	/**
	 * Reports that a client has seen a later epoch than this store knows, so that its
	 * data may be at another place. The report proves nothing; the store only looks.
	 */
	void seek();

	/**
	 * Returns all namespaces in which an instance was ever registered, or a rule written.
	 * @return their names
	 */
	Mono<Set<String>> namespaces();

	/**
	 * Sends a ping to the store.
	 * @return empty when the store has answered
	 */
	Mono<Void> ping();

}
