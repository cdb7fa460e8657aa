/** Beliefs: the view that this process has of the instances that it calls. */
@NullMarked
package io.redmesh.core.endpoint;

import org.jspecify.annotations.NullMarked;
