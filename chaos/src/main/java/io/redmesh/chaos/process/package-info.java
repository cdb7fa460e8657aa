/**
 * Real processes that a test starts, freezes, kills and cuts off.
 */
@NullMarked
package io.redmesh.chaos.process;

import org.jspecify.annotations.NullMarked;
