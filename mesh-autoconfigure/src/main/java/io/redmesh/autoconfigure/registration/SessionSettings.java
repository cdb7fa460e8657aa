package io.redmesh.autoconfigure.registration;

import java.time.Duration;

/**
 * What a session needs to know beside its parts.
 *
 * @param startWait how long the start waits for the registry's first answer
 * @param drain how long callers get between being told and the end of the lease
 */
record SessionSettings(Duration startWait, Duration drain) {

}
