/**
 * The interface for other systems: targets for Prometheus, and the OpenAPI document.
 */
@NullMarked
package io.redmesh.registry.export;

import org.jspecify.annotations.NullMarked;
