/**
 * Sweeping instances whose lease has ended.
 */
@NullMarked
package io.redmesh.registry.eviction;

import org.jspecify.annotations.NullMarked;
