/**
 * Promises with a number, each measured once: real processes, one fault, and the time
 * that it took.
 */
@NullMarked
package io.redmesh.chaos.proof;

import org.jspecify.annotations.NullMarked;
