package io.redmesh.autoconfigure.restclient;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;

class JettyClientTests extends BlockingDriverContract {

	@Override
	ClientHttpRequestFactoryBuilder<?> httpClient() {
		return ClientHttpRequestFactoryBuilder.jetty();
	}

}
