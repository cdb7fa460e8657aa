/**
 * The cost of a call before it reaches the network.
 */
@NullMarked
package io.redmesh.benchmarks.call;

import org.jspecify.annotations.NullMarked;
