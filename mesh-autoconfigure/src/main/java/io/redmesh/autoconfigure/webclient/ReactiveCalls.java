package io.redmesh.autoconfigure.webclient;

import io.redmesh.autoconfigure.call.HttpCalls;

/**
 * The parts by which all reactive clients make calls.
 *
 * @param calls the factory of the calls
 * @param timeouts the timeouts of the attempts
 */
record ReactiveCalls(HttpCalls calls, AttemptTimeouts timeouts) {

}
