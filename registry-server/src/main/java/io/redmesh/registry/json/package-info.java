/** JSON as this server reads and writes it, below all features. */
@NullMarked
package io.redmesh.registry.json;

import org.jspecify.annotations.NullMarked;
