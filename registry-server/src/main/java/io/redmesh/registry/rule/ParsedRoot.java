package io.redmesh.registry.rule;

/**
 * The root of a document.
 *
 * @param value a tree of maps, lists, strings, numbers, booleans and nulls
 * @param lines the lines of its places
 */
record ParsedRoot(Object value, DocumentLines lines) {

}
