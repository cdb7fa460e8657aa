/**
 * The propagation benchmark: time from a registration until apps can pick the instance.
 */
@NullMarked
package io.redmesh.benchmarks.propagation;

import org.jspecify.annotations.NullMarked;
