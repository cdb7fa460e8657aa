package io.redmesh.registry.catalog;

import java.util.function.LongSupplier;

/**
 * How much of its history a namespace keeps.
 *
 * @param changes how many changes at most, roughly
 * @param bytes how large all of them together may be
 */
record HistoryLimits(int changes, LongSupplier bytes) {

}
