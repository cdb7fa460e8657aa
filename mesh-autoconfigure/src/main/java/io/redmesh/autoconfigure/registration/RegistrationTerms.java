package io.redmesh.autoconfigure.registration;

import java.time.Duration;

/**
 * On what terms an instance registers.
 *
 * @param ttl how long its leases shall hold
 * @param incarnation the secret that it has drawn for its life
 */
record RegistrationTerms(Duration ttl, String incarnation) {

}
