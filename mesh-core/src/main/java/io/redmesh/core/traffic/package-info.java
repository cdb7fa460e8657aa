/** Traffic rules, and the routes and policies that follow from them. */
@NullMarked
package io.redmesh.core.traffic;

import org.jspecify.annotations.NullMarked;
