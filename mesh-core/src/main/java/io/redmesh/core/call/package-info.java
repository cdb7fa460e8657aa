/**
 * Decisions: what one logical call does next, without doing any I/O.
 */
@NullMarked
package io.redmesh.core.call;

import org.jspecify.annotations.NullMarked;
