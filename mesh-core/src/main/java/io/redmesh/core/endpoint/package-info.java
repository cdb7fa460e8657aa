/**
 * Beliefs: what this process thinks of the instances it calls.
 */
@NullMarked
package io.redmesh.core.endpoint;

import org.jspecify.annotations.NullMarked;
