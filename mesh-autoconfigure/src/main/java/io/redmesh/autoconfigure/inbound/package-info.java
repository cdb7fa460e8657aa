/**
 * Receives calls: refuses what was meant for another service, comes too late or is too
 * much, and lets the calls that a request causes know of it.
 */
@NullMarked
package io.redmesh.autoconfigure.inbound;

import org.jspecify.annotations.NullMarked;
