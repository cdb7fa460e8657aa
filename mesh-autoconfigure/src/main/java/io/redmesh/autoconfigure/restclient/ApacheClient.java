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
 * Apache's HTTP client, tuned for attempts. An attempt is cancelled when its timeout is
 * over, because a read from a socket cannot be interrupted. The client makes no attempts
 * of its own. It opens as many connections as there are calls; its default of five to an
 * instance would be a hidden limit.
 */
final class ApacheClient {

	/** More connections than there could be threads that wait for one. */
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
