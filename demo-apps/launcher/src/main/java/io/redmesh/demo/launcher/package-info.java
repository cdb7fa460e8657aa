/** Starts the demo on one machine and plays its scenario against it. */
@NullMarked
package io.redmesh.demo.launcher;

import org.jspecify.annotations.NullMarked;
