package io.redmesh.registry.catalog;

import java.util.function.LongSupplier;

/**
 * The limits of a namespace's history.
 *
 * @param changes the maximum number of changes, rounded up to a power of two
 * @param bytes the maximum size of all changes together
 */
record HistoryLimits(int changes, LongSupplier bytes) {

}
