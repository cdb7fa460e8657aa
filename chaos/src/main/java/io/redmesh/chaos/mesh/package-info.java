/**
 * Simulated clients: many instances and watchers that talk to the registry as apps do.
 */
@NullMarked
package io.redmesh.chaos.mesh;

import org.jspecify.annotations.NullMarked;
