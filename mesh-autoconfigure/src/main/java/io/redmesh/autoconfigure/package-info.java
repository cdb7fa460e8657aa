/**
 * The properties with which an app takes part in the mesh.
 */
@NullMarked
package io.redmesh.autoconfigure;

import org.jspecify.annotations.NullMarked;
