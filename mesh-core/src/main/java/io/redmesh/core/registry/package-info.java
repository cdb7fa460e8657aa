/** Facts about the registry's history, and this process's copy of its state. */
@NullMarked
package io.redmesh.core.registry;

import org.jspecify.annotations.NullMarked;
