/**
 * The HTTP layer that all operations share. It reads the bodies of requests, and writes
 * responses and refusals.
 */
@NullMarked
package io.redmesh.registry.rest;

import org.jspecify.annotations.NullMarked;
