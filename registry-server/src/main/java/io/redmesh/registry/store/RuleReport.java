package io.redmesh.registry.store;

/**
 * A report of an instance about the traffic rules that it runs.
 *
 * @param service the service
 * @param id the instance's id
 * @param revision the revision of the rules
 */
public record RuleReport(String service, String id, String revision) {

}
