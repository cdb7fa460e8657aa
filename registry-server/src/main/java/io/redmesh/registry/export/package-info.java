/**
 * What other systems read: targets for Prometheus, and the description of the interface.
 */
@NullMarked
package io.redmesh.registry.export;

import org.jspecify.annotations.NullMarked;
