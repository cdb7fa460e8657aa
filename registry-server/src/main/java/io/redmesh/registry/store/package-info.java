/**
 * The port behind which the truth about all namespaces is kept.
 */
@NullMarked
package io.redmesh.registry.store;

import org.jspecify.annotations.NullMarked;
