/**
 * The scale benchmark: one registry server with many instances and watchers, also after
 * the loss of all data.
 */
@NullMarked
package io.redmesh.benchmarks.scale;

import org.jspecify.annotations.NullMarked;
