package io.redmesh.autoconfigure.restclient;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;

class JdkClientTests extends BlockingDriverContract {

	/**
	 * The JDK's client makes a GET or HEAD once more when the connection ends before an
	 * answer. Nothing but the method decides that, so it cannot be switched off.
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
