/**
 * The store of a registry with a single server. Nothing outlives the process.
 */
@NullMarked
package io.redmesh.registry.store.memory;

import org.jspecify.annotations.NullMarked;
