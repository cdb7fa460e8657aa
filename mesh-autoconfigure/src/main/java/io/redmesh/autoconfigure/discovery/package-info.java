/**
 * The catalog of this process, in memory and on disk, and the watch that updates it.
 */
@NullMarked
package io.redmesh.autoconfigure.discovery;

import org.jspecify.annotations.NullMarked;
