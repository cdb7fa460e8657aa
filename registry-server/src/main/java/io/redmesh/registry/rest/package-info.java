/**
 * What all endpoints share: how a body is read, how an answer is written, how a refusal
 * is told.
 */
@NullMarked
package io.redmesh.registry.rest;

import org.jspecify.annotations.NullMarked;
