package io.redmesh.autoconfigure.registration;

import java.time.Duration;

/**
 * The terms on which an instance registers.
 *
 * @param ttl the duration of its leases
 * @param incarnation the secret of its incarnation
 */
record RegistrationTerms(Duration ttl, String incarnation) {

}
