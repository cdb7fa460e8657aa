package io.redmesh.registry.store;

/**
 * An instance whose lease has expired.
 *
 * @param service the service
 * @param id its id
 * @param fence which incarnation it was
 */
public record EvictedInstance(String service, String id, long fence) {

}
