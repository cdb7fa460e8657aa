/**
 * The cost of the registry's own parts of HTTP and JSON, compared with those of
 * libraries.
 */
@NullMarked
package io.redmesh.benchmarks.rest;

import org.jspecify.annotations.NullMarked;
