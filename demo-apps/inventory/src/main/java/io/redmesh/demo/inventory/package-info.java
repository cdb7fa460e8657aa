/** The inventory service, which knows the stock and which the storefront calls. */
@NullMarked
package io.redmesh.demo.inventory;

import org.jspecify.annotations.NullMarked;
