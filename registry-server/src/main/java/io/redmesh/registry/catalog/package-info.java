/**
 * This server's copy of the namespaces that it follows, from which all reads are served.
 */
@NullMarked
package io.redmesh.registry.catalog;

import org.jspecify.annotations.NullMarked;
