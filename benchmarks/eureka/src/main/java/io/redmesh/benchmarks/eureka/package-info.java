/**
 * Eureka as Spring Cloud runs it, to be measured beside the registry.
 */
@NullMarked
package io.redmesh.benchmarks.eureka;

import org.jspecify.annotations.NullMarked;
