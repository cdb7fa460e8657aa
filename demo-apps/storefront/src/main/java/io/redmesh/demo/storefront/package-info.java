/** The storefront service, which calls orders and inventory through the mesh. */
@NullMarked
package io.redmesh.demo.storefront;

import org.jspecify.annotations.NullMarked;
