/**
 * Apps without the apps: many instances and watchers that speak to the registry as
 * clients do.
 */
@NullMarked
package io.redmesh.registry.chaos.mesh;

import org.jspecify.annotations.NullMarked;
