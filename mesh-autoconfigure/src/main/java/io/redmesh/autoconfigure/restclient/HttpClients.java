package io.redmesh.autoconfigure.restclient;

import java.util.function.Supplier;

import org.springframework.http.client.AbstractClientHttpRequestFactoryWrapper;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.client.JettyClientHttpRequestFactory;
import org.springframework.http.client.ReactorClientHttpRequestFactory;
import org.springframework.util.function.SingletonSupplier;

/**
 * The HTTP clients beneath the mesh: one that is made fit for attempts, and the app's own
 * for requests to other hosts. Each is made when it is first needed.
 * <p>
 * Safe for use by many threads.
 */
final class HttpClients {

	private final SingletonSupplier<ClientHttpRequestFactory> attempts;

	private final SingletonSupplier<ClientHttpRequestFactory> others;

	private final SingletonSupplier<Cutting> cutting;

	/**
	 * Creates the clients.
	 * @param attempts makes the client of attempts
	 * @param others makes the client of requests to other hosts
	 */
	HttpClients(Supplier<? extends ClientHttpRequestFactory> attempts,
			Supplier<? extends ClientHttpRequestFactory> others) {
		this.attempts = SingletonSupplier.of(attempts::get);
		this.others = SingletonSupplier.of(others::get);
		this.cutting = SingletonSupplier.of(() -> cutting(ofAttempts()));
	}

	ClientHttpRequestFactory ofAttempts() {
		return this.attempts.obtain();
	}

	ClientHttpRequestFactory ofOthers() {
		return this.others.obtain();
	}

	/**
	 * Tells how the client of attempts ends an answer early.
	 * @return the way
	 */
	Cutting cutting() {
		return this.cutting.obtain();
	}

	private static Cutting cutting(ClientHttpRequestFactory factory) {
		ClientHttpRequestFactory innermost = factory;
		while (innermost instanceof AbstractClientHttpRequestFactoryWrapper wrapper) {
			innermost = wrapper.getDelegate();
		}
		if (innermost instanceof HttpComponentsClientHttpRequestFactory) {
			return Cutting.ABORT;
		}
		return (innermost instanceof JdkClientHttpRequestFactory || innermost instanceof JettyClientHttpRequestFactory
				|| innermost instanceof ReactorClientHttpRequestFactory) ? Cutting.CLOSE : Cutting.INTERRUPT;
	}

}
