/**
 * Pushing changes to those who watch, as server-sent events.
 */
@NullMarked
package io.redmesh.registry.watch;

import org.jspecify.annotations.NullMarked;
