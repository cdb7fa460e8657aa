/**
 * Noticing that an endpoint is worse than its peers.
 */
@NullMarked
package io.redmesh.core.outlier;

import org.jspecify.annotations.NullMarked;
