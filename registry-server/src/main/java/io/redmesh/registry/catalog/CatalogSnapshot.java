package io.redmesh.registry.catalog;

import java.util.Collection;

/**
 * A namespace at one place of its history, neither older nor newer.
 *
 * @param position the place
 * @param services what was there
 */
public record CatalogSnapshot(CatalogPosition position, Collection<ServiceView> services) {

}
