/**
 * Follows the registry and keeps this process's catalog, in memory and on disk.
 */
@NullMarked
package io.redmesh.autoconfigure.discovery;

import org.jspecify.annotations.NullMarked;
