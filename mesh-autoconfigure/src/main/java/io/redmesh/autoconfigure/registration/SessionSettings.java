package io.redmesh.autoconfigure.registration;

import java.time.Duration;

/**
 * The settings of a session.
 *
 * @param startWait the time that the start waits for the first response of the registry
 * @param drain the time between announcing DRAINING to callers and deregistering
 */
record SessionSettings(Duration startWait, Duration drain) {

}
