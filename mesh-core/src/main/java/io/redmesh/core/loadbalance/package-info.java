/** Load balancing: algorithms that pick one endpoint out of several. */
@NullMarked
package io.redmesh.core.loadbalance;

import org.jspecify.annotations.NullMarked;
