package io.redmesh.registry.store.memory;

/**
 * What an instance is found by within its namespace.
 *
 * @param service the service
 * @param id its id
 */
record InstanceKey(String service, String id) {

}
