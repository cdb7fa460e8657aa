package io.redmesh.demo.orders;

/**
 * An order, with the instance that returned it.
 *
 * @param id the number of the order
 * @param sku the article that was ordered
 * @param quantity the number of articles
 * @param answeredBy host name and port of the instance that responded
 */
record Order(String id, String sku, int quantity, String answeredBy) {
}
