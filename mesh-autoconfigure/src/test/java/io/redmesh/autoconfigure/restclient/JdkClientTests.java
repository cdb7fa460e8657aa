package io.redmesh.autoconfigure.restclient;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;

class JdkClientTests extends BlockingDriverContract {

	/**
	 * Returns 2 for a GET. The JDK's client repeats a GET or HEAD once if the connection
	 * ends before a response. Only the method decides that, so it cannot be switched off.
	 */
	@Override
	protected int arrivalsOfOneAttempt(String method) {
		return method.equals("GET") ? 2 : 1;
	}

	@Override
	ClientHttpRequestFactoryBuilder<?> httpClient() {
		return ClientHttpRequestFactoryBuilder.jdk();
	}

}
