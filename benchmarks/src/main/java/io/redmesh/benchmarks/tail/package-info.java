/**
 * The tail benchmark: latencies of the slowest calls when instances are slow, broken,
 * overloaded or down.
 */
@NullMarked
package io.redmesh.benchmarks.tail;

import org.jspecify.annotations.NullMarked;
