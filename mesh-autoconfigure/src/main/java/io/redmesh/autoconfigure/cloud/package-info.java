/**
 * The mesh as Spring Cloud Commons knows it.
 */
@NullMarked
package io.redmesh.autoconfigure.cloud;

import org.jspecify.annotations.NullMarked;
