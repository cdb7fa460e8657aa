/**
 * What this process believes, for operators to see.
 */
@NullMarked
package io.redmesh.autoconfigure.actuate;

import org.jspecify.annotations.NullMarked;
