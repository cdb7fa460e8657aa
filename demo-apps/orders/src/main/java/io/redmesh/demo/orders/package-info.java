/** The orders service, which the storefront calls. */
@NullMarked
package io.redmesh.demo.orders;

import org.jspecify.annotations.NullMarked;
