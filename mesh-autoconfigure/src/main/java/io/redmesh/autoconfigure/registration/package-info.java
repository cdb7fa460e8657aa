/**
 * The registration of this app. It registers when it is ready, renews its lease, and
 * deregisters before it stops.
 */
@NullMarked
package io.redmesh.autoconfigure.registration;

import org.jspecify.annotations.NullMarked;
