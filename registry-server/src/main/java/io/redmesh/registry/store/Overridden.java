package io.redmesh.registry.store;

/**
 * An operator's word on an id, whether or not an instance holds it.
 *
 * @param service the service
 * @param id the instance's id
 * @param override the word
 */
public record Overridden(String service, String id, InstanceOverride override) {

}
