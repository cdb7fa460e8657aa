/**
 * Simulated clients: many instances and watchers that talk to the registry as apps do.
 */
@NullMarked
package io.redmesh.registry.chaos.mesh;

import org.jspecify.annotations.NullMarked;
