/**
 * The mesh behind the interfaces of Spring Cloud Commons.
 */
@NullMarked
package io.redmesh.autoconfigure.cloud;

import org.jspecify.annotations.NullMarked;
