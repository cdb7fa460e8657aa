/**
 * Puts this app into the registry when it is ready, keeps it there, and takes it out\n *
 * before it stops.
 */
@NullMarked
package io.redmesh.autoconfigure.registration;

import org.jspecify.annotations.NullMarked;
