package io.redmesh.autoconfigure.restclient;

import java.io.IOException;

import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;

import org.springframework.boot.http.client.HttpComponentsClientHttpRequestFactoryBuilder;

/**
 * Apache's client, made fit for attempts: an attempt is cancelled when its time is over,
 * since reading from a socket cannot be interrupted; the client makes no attempts of its
 * own; and it opens as many connections as there are calls, where five to an instance
 * would be a hidden limit.
 */
final class ApacheClient {

	/** More than threads that could wait for them. */
	private static final int MAX_CONNECTIONS = 10_000;

	private ApacheClient() {
	}

	static HttpComponentsClientHttpRequestFactoryBuilder tune(HttpComponentsClientHttpRequestFactoryBuilder builder) {
		return builder.withConnectionManagerCustomizer(ApacheClient::liftLimits)
			.withHttpClientCustomizer((client) -> client.disableAutomaticRetries()
				.addExecInterceptorFirst("mesh-time-limit", ApacheClient::limit));
	}

	private static void liftLimits(PoolingHttpClientConnectionManagerBuilder pool) {
		pool.setMaxConnPerRoute(MAX_CONNECTIONS).setMaxConnTotal(MAX_CONNECTIONS);
	}

	private static ClassicHttpResponse limit(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
			throws IOException, HttpException {
		TimeLimit limit = TimeLimit.current();
		if (limit != null && scope.originalRequest instanceof Cancellable cancellable) {
			limit.cancelBy(cancellable::cancel);
		}
		return chain.proceed(request, scope);
	}

}
