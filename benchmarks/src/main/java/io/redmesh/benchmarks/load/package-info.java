/**
 * The code that the benchmarks share: the processes that are measured, and loads on them
 * that need few threads.
 */
@NullMarked
package io.redmesh.benchmarks.load;

import org.jspecify.annotations.NullMarked;
