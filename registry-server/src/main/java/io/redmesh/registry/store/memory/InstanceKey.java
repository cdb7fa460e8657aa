package io.redmesh.registry.store.memory;

/**
 * The key of an instance within its namespace.
 *
 * @param service the service
 * @param id its id
 */
record InstanceKey(String service, String id) {

}
