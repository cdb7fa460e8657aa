package io.redmesh.registry.store;

/**
 * An operator's override with its id, which need not be registered.
 *
 * @param service the service
 * @param id the instance's id
 * @param override the override
 */
public record OverrideEntry(String service, String id, InstanceOverride override) {

}
