/**
 * Real processes that a test starts, freezes, kills and cuts off.
 */
@NullMarked
package io.redmesh.registry.chaos.process;

import org.jspecify.annotations.NullMarked;
