/**
 * Promises with a number, each kept before one's eyes once: real processes, one fault,
 * and how long it took.
 */
@NullMarked
package io.redmesh.registry.chaos.proof;

import org.jspecify.annotations.NullMarked;
