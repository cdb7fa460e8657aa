/**
 * The registry server.
 */
@NullMarked
package io.redmesh.registry;

import org.jspecify.annotations.NullMarked;
