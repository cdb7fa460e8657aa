package io.redmesh.registry.store;

import java.time.Duration;

/**
 * What holds for all evictions of a namespace, besides the guards that every store knows:
 * <ul>
 * <li>nobody sweeps for over 3 s, or an epoch begins: a grace of one TTL;</li>
 * <li>more than a fifth of the namespace, and ten at least, have missed their renewals or
 * were evicted within a minute: those whose lease ends are kept as suspects;</li>
 * <li>the same for more than half of a service, and three at least;</li>
 * <li>the last instance of a service is kept as a suspect.</li>
 * </ul>
 *
 * @param perSecond how many instances are evicted in a second at most, by all servers
 * @param patience how long a suspect is kept at most; zero to evict whatever the share
 */
public record EvictionRules(int perSecond, Duration patience) {

}
