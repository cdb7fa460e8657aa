package io.redmesh.demo.orders;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.UUID;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The orders API. It derives an order from its number, so that all instances return the
 * same order without shared data.
 */
@RestController
@RequestMapping("/orders")
class OrderController {

	private static final List<String> SKUS = List.of("tea", "coffee", "cup", "kettle");

	private final String host;

	OrderController() throws UnknownHostException {
		this.host = InetAddress.getLocalHost().getHostName();
	}

	@GetMapping("/{id}")
	Order order(@PathVariable String id, HttpServletRequest request) {
		int seed = Math.floorMod(id.hashCode(), 1000);
		return new Order(id, SKUS.get(seed % SKUS.size()), 1 + seed % 5, answeredBy(request));
	}

	@PostMapping
	ResponseEntity<Order> place(@RequestBody NewOrder order, HttpServletRequest request) {
		String id = UUID.randomUUID().toString();
		return ResponseEntity.created(URI.create("/orders/" + id))
			.body(new Order(id, order.sku(), order.quantity(), answeredBy(request)));
	}

	private String answeredBy(HttpServletRequest request) {
		return this.host + ":" + request.getLocalPort();
	}

	/**
	 * A customer's request for an order.
	 *
	 * @param sku the article to order
	 * @param quantity the number of articles
	 */
	record NewOrder(String sku, int quantity) {
	}

}
