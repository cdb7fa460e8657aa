/**
 * The store of a registry that runs on one machine: nothing outlives the process.
 */
@NullMarked
package io.redmesh.registry.store.memory;

import org.jspecify.annotations.NullMarked;
