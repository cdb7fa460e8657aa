/**
 * This server's copy of the namespaces that it follows. All reads are served from it.
 */
@NullMarked
package io.redmesh.registry.catalog;

import org.jspecify.annotations.NullMarked;
