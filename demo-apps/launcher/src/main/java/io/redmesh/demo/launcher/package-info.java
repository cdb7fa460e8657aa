/** The launcher: starts the demo on one machine and plays scenarios against it. */
@NullMarked
package io.redmesh.demo.launcher;

import org.jspecify.annotations.NullMarked;
