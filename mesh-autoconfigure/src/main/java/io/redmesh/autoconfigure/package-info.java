/**
 * What an app sets to become a member of the mesh.
 */
@NullMarked
package io.redmesh.autoconfigure;

import org.jspecify.annotations.NullMarked;
