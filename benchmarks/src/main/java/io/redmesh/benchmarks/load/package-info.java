/**
 * What the benchmarks share: processes to be measured, and load for them from few
 * threads.
 */
@NullMarked
package io.redmesh.benchmarks.load;

import org.jspecify.annotations.NullMarked;
