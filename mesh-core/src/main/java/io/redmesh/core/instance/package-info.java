/** Facts about one running copy of a service, as it described itself to the registry. */
@NullMarked
package io.redmesh.core.instance;

import org.jspecify.annotations.NullMarked;
