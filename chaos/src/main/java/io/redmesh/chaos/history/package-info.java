/**
 * Histories of what was seen and of what was true, and the rules that both must keep.
 */
@NullMarked
package io.redmesh.chaos.history;

import org.jspecify.annotations.NullMarked;
