/**
 * How long it takes from a registration until a caller may pick the instance.
 */
@NullMarked
package io.redmesh.benchmarks.propagation;

import org.jspecify.annotations.NullMarked;
