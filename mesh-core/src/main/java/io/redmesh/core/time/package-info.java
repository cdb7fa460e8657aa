/** The only access to time: monotonic clock, wall clock, and a timer for later tasks. */
@NullMarked
package io.redmesh.core.time;

import org.jspecify.annotations.NullMarked;
