/** A service that calls the other two through the mesh. */
@NullMarked
package io.redmesh.demo.storefront;

import org.jspecify.annotations.NullMarked;
