package io.redmesh.autoconfigure.webclient;

import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;

class JdkWebClientTests extends ReactiveDriverContract {

	/** Returns 2 for a GET: as with blocking calls, the JDK's client repeats it once. */
	@Override
	protected int arrivalsOfOneAttempt(String method) {
		return method.equals("GET") ? 2 : 1;
	}

	/**
	 * Returns false: the client only stops reading a cancelled body. Its connection stays
	 * open until the server ends the response.
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
