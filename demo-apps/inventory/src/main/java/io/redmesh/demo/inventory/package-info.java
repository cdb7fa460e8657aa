/** A service that answers what is in stock. */
@NullMarked
package io.redmesh.demo.inventory;

import org.jspecify.annotations.NullMarked;
