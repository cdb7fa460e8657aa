/**
 * How long the slowest calls take when instances are slow, broken, overloaded or gone.
 */
@NullMarked
package io.redmesh.benchmarks.tail;

import org.jspecify.annotations.NullMarked;
