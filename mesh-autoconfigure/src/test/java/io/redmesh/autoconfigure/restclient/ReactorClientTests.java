package io.redmesh.autoconfigure.restclient;

import java.time.Duration;

import io.redmesh.autoconfigure.call.ReactorClients;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.http.client.ClientHttpRequestFactory;

class ReactorClientTests extends BlockingDriverContract {

	private @Nullable ClientHttpRequestFactory client;

	@Override
	ClientHttpRequestFactory requestFactory(Duration readTimeout) {
		if (this.client == null) {
			this.client = ReactorClients.blocking().build(HttpClientSettings.defaults().withReadTimeout(readTimeout));
		}
		return this.client;
	}

}
