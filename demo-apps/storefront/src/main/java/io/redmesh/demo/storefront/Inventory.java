package io.redmesh.demo.storefront;

import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.service.annotation.GetExchange;

/**
 * The inventory service. Its group has no base URL: the mesh takes the group's name as
 * the name of the service.
 */
interface Inventory {

	@GetExchange("/stock/{sku}")
	Stock stock(@PathVariable String sku);

	/**
	 * The stock of an article.
	 *
	 * @param sku the article
	 * @param available the number of articles in stock
	 * @param answeredBy the instance that responded
	 */
	record Stock(String sku, int available, String answeredBy) {
	}

}
