package io.redmesh.registry.catalog;

import java.util.Collection;

/**
 * A namespace exactly at one position of its history.
 *
 * @param position the position
 * @param services the services at that position
 */
public record CatalogSnapshot(CatalogPosition position, Collection<ServiceView> services) {

}
