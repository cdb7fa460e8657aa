/** Decisions: the next step of one logical call, without any I/O. */
@NullMarked
package io.redmesh.core.call;

import org.jspecify.annotations.NullMarked;
