/**
 * What a call costs before it reaches the network.
 */
@NullMarked
package io.redmesh.benchmarks.call;

import org.jspecify.annotations.NullMarked;
