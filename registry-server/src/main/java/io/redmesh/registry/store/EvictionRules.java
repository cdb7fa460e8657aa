package io.redmesh.registry.store;

import java.time.Duration;

/**
 * The limits of evictions, besides the guards that every store knows:
 * <ul>
 * <li>no server sweeps for over 3 s, or an epoch begins: grace of one TTL;</li>
 * <li>more than a fifth of the namespace, and at least ten instances, have missed
 * renewals or were evicted within a minute: an instance whose lease ends then is kept as
 * a suspect;</li>
 * <li>the same for more than half of a service, and at least three instances;</li>
 * <li>the last instance of a service is kept as a suspect.</li>
 * </ul>
 *
 * @param perSecond the maximum number of evictions in one second, by all servers together
 * @param patience the maximum time for which a suspect is kept; zero evicts it whatever
 * the share
 */
public record EvictionRules(int perSecond, Duration patience) {

}
