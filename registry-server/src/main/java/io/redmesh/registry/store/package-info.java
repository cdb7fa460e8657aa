/**
 * The port of the store, which holds the source of truth for all namespaces.
 */
@NullMarked
package io.redmesh.registry.store;

import org.jspecify.annotations.NullMarked;
