/**
 * The eviction of dead instances: sweeps, probes and hints.
 */
@NullMarked
package io.redmesh.registry.eviction;

import org.jspecify.annotations.NullMarked;
