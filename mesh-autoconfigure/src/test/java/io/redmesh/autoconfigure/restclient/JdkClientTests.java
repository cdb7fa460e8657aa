package io.redmesh.autoconfigure.restclient;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.http.client.ClientHttpRequestFactory;

class JdkClientTests extends BlockingDriverContract {

	private @Nullable ClientHttpRequestFactory client;

	/**
	 * The JDK's client makes a GET or HEAD once more when the connection ends before an
	 * answer. Nothing but the method decides that, so it cannot be switched off.
	 */
	@Override
	protected int arrivalsOfOneAttempt(String method) {
		return method.equals("GET") ? 2 : 1;
	}

	@Override
	ClientHttpRequestFactory requestFactory(Duration readTimeout) {
		if (this.client == null) {
			this.client = ClientHttpRequestFactoryBuilder.jdk()
				.build(HttpClientSettings.defaults().withReadTimeout(readTimeout));
		}
		return this.client;
	}

}
