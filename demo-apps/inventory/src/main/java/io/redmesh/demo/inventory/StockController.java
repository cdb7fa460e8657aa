package io.redmesh.demo.inventory;

import java.net.InetAddress;
import java.net.UnknownHostException;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/**
 * The stock API. It derives the stock from the article's name, so that all instances
 * return the same stock.
 */
@RestController
class StockController {

	private final String host;

	StockController() throws UnknownHostException {
		this.host = InetAddress.getLocalHost().getHostName();
	}

	@GetMapping("/stock/{sku}")
	Stock stock(@PathVariable String sku, HttpServletRequest request) {
		return new Stock(sku, Math.floorMod(sku.hashCode(), 100), this.host + ":" + request.getLocalPort());
	}

	/**
	 * The stock of an article.
	 *
	 * @param sku the article
	 * @param available the number of articles in stock
	 * @param answeredBy host name and port of the instance that responded
	 */
	record Stock(String sku, int available, String answeredBy) {
	}

}
