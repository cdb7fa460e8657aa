package io.redmesh.autoconfigure.webclient;

import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;

class JdkWebClientTests extends ReactiveDriverContract {

	/** As with blocking calls, the JDK's client makes a GET once more. */
	@Override
	protected int arrivalsOfOneAttempt(String method) {
		return method.equals("GET") ? 2 : 1;
	}

	/**
	 * A cancelled body is only not read any more: its connections stay open until the
	 * server ends the answer.
	 */
	@Override
	protected boolean closesWhatItDiscards() {
		return false;
	}

	@Override
	ClientHttpConnectorBuilder<?> httpClient() {
		return ClientHttpConnectorBuilder.jdk();
	}

}
