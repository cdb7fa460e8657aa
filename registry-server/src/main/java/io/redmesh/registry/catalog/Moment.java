package io.redmesh.registry.catalog;

import java.util.Collection;

/**
 * A namespace at one place of its history, neither older nor newer.
 *
 * @param standing the place
 * @param services what was there
 */
public record Moment(Standing standing, Collection<ServiceView> services) {

}
