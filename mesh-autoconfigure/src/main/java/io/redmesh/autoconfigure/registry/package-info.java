/**
 * The client side of the registry: requests, the watch, and the state of the connection.
 */
@NullMarked
package io.redmesh.autoconfigure.registry;

import org.jspecify.annotations.NullMarked;
