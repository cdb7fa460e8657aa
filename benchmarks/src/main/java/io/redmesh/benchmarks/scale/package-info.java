/**
 * One registry server with many instances and many watchers, and after it has lost
 * everything.
 */
@NullMarked
package io.redmesh.benchmarks.scale;

import org.jspecify.annotations.NullMarked;
