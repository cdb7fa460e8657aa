/**
 * The drivers of calls over the blocking clients.
 */
@NullMarked
package io.redmesh.autoconfigure.restclient;

import org.jspecify.annotations.NullMarked;
