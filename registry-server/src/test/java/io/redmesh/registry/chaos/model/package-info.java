/**
 * The store against a model of it that was written from the documentation.
 */
@NullMarked
package io.redmesh.registry.chaos.model;

import org.jspecify.annotations.NullMarked;
