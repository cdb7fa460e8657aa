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
 * The HTTP clients beneath the mesh: one that is tuned for attempts, and the app's own
 * for requests to other hosts. Each is created when it is first needed.
 * <p>
 * Safe for use by many threads.
 */
final class HttpClients {

	private final SingletonSupplier<ClientHttpRequestFactory> attempts;

	private final SingletonSupplier<ClientHttpRequestFactory> passThrough;

	private final SingletonSupplier<Cutting> cutting;

	/**
	 * Creates the clients.
	 * @param attempts the supplier of the client for attempts
	 * @param passThrough the supplier of the client for requests to other hosts
	 */
	HttpClients(Supplier<? extends ClientHttpRequestFactory> attempts,
			Supplier<? extends ClientHttpRequestFactory> passThrough) {
		this.attempts = SingletonSupplier.of(attempts::get);
		this.passThrough = SingletonSupplier.of(passThrough::get);
		this.cutting = SingletonSupplier.of(() -> cutting(attemptClient()));
	}

	ClientHttpRequestFactory attemptClient() {
		return this.attempts.obtain();
	}

	ClientHttpRequestFactory passThroughClient() {
		return this.passThrough.obtain();
	}

	/**
	 * Returns the way in which the client for attempts ends a response early.
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
