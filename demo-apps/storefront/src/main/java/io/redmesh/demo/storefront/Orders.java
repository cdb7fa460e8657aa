package io.redmesh.demo.storefront;

import java.util.Objects;

import io.redmesh.autoconfigure.call.MeshClient;

import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;

/** The orders service, called by its name. */
@Component
class Orders {

	private final RestClient client;

	Orders(@MeshClient RestClient.Builder builder) {
		this.client = builder.baseUrl("http://orders").build();
	}

	Order order(String id) {
		return Objects.requireNonNull(this.client.get().uri("/orders/{id}", id).retrieve().body(Order.class));
	}

	Order place(NewOrder order) {
		return Objects.requireNonNull(this.client.post().uri("/orders").body(order).retrieve().body(Order.class));
	}

	/**
	 * A customer's request for an order.
	 *
	 * @param sku the article to order
	 * @param quantity the number of articles
	 */
	record NewOrder(String sku, int quantity) {
	}

	/**
	 * An order.
	 *
	 * @param id the number of the order
	 * @param sku the article that was ordered
	 * @param quantity the number of articles
	 * @param answeredBy the instance that responded
	 */
	record Order(String id, String sku, int quantity, String answeredBy) {
	}

}
