/**
 * The only doors to time: monotonic nanoseconds, the wall clock, and running something
 * later.
 */
@NullMarked
package io.redmesh.core.time;

import org.jspecify.annotations.NullMarked;
