package io.redmesh.autoconfigure.restclient;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.http.client.ClientHttpRequestFactory;

class JettyClientTests extends BlockingDriverContract {

	private @Nullable ClientHttpRequestFactory client;

	@Override
	ClientHttpRequestFactory requestFactory(Duration readTimeout) {
		if (this.client == null) {
			this.client = JettyClientConfiguration.customize(ClientHttpRequestFactoryBuilder.jetty())
				.build(HttpClientSettings.defaults().withReadTimeout(readTimeout));
		}
		return this.client;
	}

}
