/**
 * Calls over HTTP: the parts that the drivers of all clients share.
 */
@NullMarked
package io.redmesh.autoconfigure.call;

import org.jspecify.annotations.NullMarked;
