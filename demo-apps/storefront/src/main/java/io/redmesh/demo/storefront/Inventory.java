package io.redmesh.demo.storefront;

import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.service.annotation.GetExchange;

/**
 * The inventory service. Its group has no address of its own: the mesh knows the service
 * by the group's name.
 */
interface Inventory {

	@GetExchange("/stock/{sku}")
	Stock stock(@PathVariable String sku);

	/**
	 * How many of a thing there are.
	 *
	 * @param sku the thing
	 * @param available how many of it are in stock
	 * @param answeredBy the instance that answered
	 */
	record Stock(String sku, int available, String answeredBy) {
	}

}
