/** Outlier detection: finds endpoints that are worse than their peers. */
@NullMarked
package io.redmesh.core.outlier;

import org.jspecify.annotations.NullMarked;
