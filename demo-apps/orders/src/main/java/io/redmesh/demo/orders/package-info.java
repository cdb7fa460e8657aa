/** A service that answers orders. */
@NullMarked
package io.redmesh.demo.orders;

import org.jspecify.annotations.NullMarked;
