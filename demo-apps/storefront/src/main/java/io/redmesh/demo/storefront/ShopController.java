package io.redmesh.demo.storefront;

import jakarta.servlet.http.HttpServletRequest;

import io.redmesh.demo.storefront.Inventory.Stock;
import io.redmesh.demo.storefront.Orders.NewOrder;
import io.redmesh.demo.storefront.Orders.Order;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The storefront's API: an order, stock, or both. */
@RestController
class ShopController {

	private static final String INDEX = """
			Redmesh demo: the storefront. It calls orders and inventory by their names alone.

			  GET  /orders/{id}    one call to orders; answeredBy says where    curl localhost:%1$d/orders/7
			  POST /orders         places an order                              curl localhost:%1$d/orders --json '{"sku":"tea","quantity":2}'
			  GET  /stock/{sku}    one call to inventory                        curl localhost:%1$d/stock/tea
			  GET  /shop/{id}      an order and the stock of its article        curl localhost:%1$d/shop/7
			  GET  /actuator/mesh  the instances as this app sees them          curl localhost:%1$d/actuator/mesh
			""";

	private final Orders orders;

	private final Inventory inventory;

	ShopController(Orders orders, Inventory inventory) {
		this.orders = orders;
		this.inventory = inventory;
	}

	@GetMapping(path = "/", produces = "text/plain")
	String index(HttpServletRequest request) {
		return INDEX.formatted(request.getServerPort());
	}

	@GetMapping("/orders/{id}")
	Order order(@PathVariable String id) {
		return this.orders.order(id);
	}

	@PostMapping("/orders")
	@ResponseStatus(HttpStatus.CREATED)
	Order place(@RequestBody NewOrder order) {
		return this.orders.place(order);
	}

	@GetMapping("/stock/{sku}")
	Stock stock(@PathVariable String sku) {
		return this.inventory.stock(sku);
	}

	@GetMapping("/shop/{id}")
	Shop shop(@PathVariable String id) {
		Order order = this.orders.order(id);
		return new Shop(order, this.inventory.stock(order.sku()));
	}

	/**
	 * An order and the stock of its article.
	 *
	 * @param order the order
	 * @param stock the stock of the article that was ordered
	 */
	record Shop(Order order, Stock stock) {
	}

}
