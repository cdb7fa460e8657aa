package io.redmesh.demo.orders;

/**
 * An order, and which instance told of it.
 *
 * @param id the number of the order
 * @param sku what was ordered
 * @param quantity how many of it
 * @param answeredBy host name and port of the instance that answered
 */
record Order(String id, String sku, int quantity, String answeredBy) {
}
