/**
 * Tests of the stores against a model that was written from the documentation.
 */
@NullMarked
package io.redmesh.registry.store.model;

import org.jspecify.annotations.NullMarked;
