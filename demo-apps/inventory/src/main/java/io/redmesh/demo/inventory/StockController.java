package io.redmesh.demo.inventory;

import java.net.InetAddress;
import java.net.UnknownHostException;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Stock made up from the name of the thing, so that each instance tells the same. */
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
	 * How many of a thing there are.
	 *
	 * @param sku the thing
	 * @param available how many of it are in stock
	 * @param answeredBy host name and port of the instance that answered
	 */
	record Stock(String sku, int available, String answeredBy) {
	}

}
