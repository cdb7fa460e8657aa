/**
 * The registry as an app sees it: requests, watch, and whether it can be reached.
 */
@NullMarked
package io.redmesh.autoconfigure.registry;

import org.jspecify.annotations.NullMarked;
