/**
 * The driver of calls over the reactive client.
 */
@NullMarked
package io.redmesh.autoconfigure.webclient;

import org.jspecify.annotations.NullMarked;
