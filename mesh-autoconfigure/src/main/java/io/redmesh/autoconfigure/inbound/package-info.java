/**
 * Refuses calls that were meant for another service.
 */
@NullMarked
package io.redmesh.autoconfigure.inbound;

import org.jspecify.annotations.NullMarked;
