package io.redmesh.autoconfigure.restclient;

import org.springframework.http.client.AbstractClientHttpRequestFactoryWrapper;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.SimpleClientHttpRequestFactory;

/**
 * A client of the mesh was built on {@code HttpURLConnection}, which sends a POST a
 * second time by itself when its connection breaks, and cannot be told to end.
 */
@SuppressWarnings("serial")
final class UnfitClientException extends RuntimeException {

	/**
	 * Creates the exception.
	 * @param client what is unfit
	 */
	UnfitClientException(String client) {
		super(client + " is built on HttpURLConnection ('simple'), which sends a POST a second time by itself when its "
				+ "connection breaks, and does not end when its time is over: calls of the mesh cannot be made with it");
	}

	/**
	 * Refuses what is built on {@code HttpURLConnection}.
	 * @param client what it is, for the message
	 * @param factory what makes its requests
	 */
	static void requireFit(String client, ClientHttpRequestFactory factory) {
		ClientHttpRequestFactory innermost = factory;
		while (innermost instanceof AbstractClientHttpRequestFactoryWrapper wrapper) {
			innermost = wrapper.getDelegate();
		}
		if (innermost instanceof SimpleClientHttpRequestFactory) {
			throw new UnfitClientException(client);
		}
	}

}
