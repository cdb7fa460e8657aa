/**
 * The receiving side of calls. It refuses requests that are meant for another service,
 * come too late or are too many. The calls that a request causes inherit its deadline and
 * its attempt.
 */
@NullMarked
package io.redmesh.autoconfigure.inbound;

import org.jspecify.annotations.NullMarked;
