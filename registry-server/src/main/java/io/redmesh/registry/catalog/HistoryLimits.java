package io.redmesh.registry.catalog;

import java.util.function.LongSupplier;

/**
 * The limits of a namespace's history.
 *
 * @param changes how many changes at most, roughly
 * @param bytes how large all of them together may be
 */
record HistoryLimits(int changes, LongSupplier bytes) {

}
