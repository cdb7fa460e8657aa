package io.redmesh.autoconfigure.webclient;

import io.redmesh.autoconfigure.call.HttpCalls;

/**
 * What all reactive clients make calls with.
 *
 * @param calls plans them
 * @param timeouts gives up attempts that take too long
 */
record ReactiveCalls(HttpCalls calls, AttemptTimeouts timeouts) {

}
