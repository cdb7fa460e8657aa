/**
 * The traffic rules of this app, from the registry and from files of its own.
 */
@NullMarked
package io.redmesh.autoconfigure.rule;

import org.jspecify.annotations.NullMarked;
