/**
 * Eureka as Spring Cloud runs it, for the comparison with the registry.
 */
@NullMarked
package io.redmesh.benchmarks.eureka;

import org.jspecify.annotations.NullMarked;
