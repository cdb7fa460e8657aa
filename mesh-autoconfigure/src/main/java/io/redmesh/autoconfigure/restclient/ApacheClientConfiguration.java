package io.redmesh.autoconfigure.restclient;

import java.io.IOException;

import io.redmesh.autoconfigure.call.MeshHeaders;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.impl.DefaultHttpRequestRetryStrategy;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.http.client.HttpComponentsClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.ClientHttpRequestFactoryBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Makes Apache's client fit for the mesh: an attempt is cancelled when its time is over,
 * since reading from a socket cannot be interrupted; the client makes no attempts of its
 * own beneath those of the mesh; and it opens as many connections as there are calls,
 * where five to an instance would be a limit that nobody sees.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({ HttpClientBuilder.class, ClientHttpRequestFactoryBuilderCustomizer.class })
class ApacheClientConfiguration {

	/** More than threads that could wait for them. */
	private static final int MAX_CONNECTIONS = 10_000;

	// First, so that the app's own customizers have the last word.
	@Bean
	@Order(Ordered.HIGHEST_PRECEDENCE)
	ClientHttpRequestFactoryBuilderCustomizer<HttpComponentsClientHttpRequestFactoryBuilder> meshApacheClientCustomizer() {
		return ApacheClientConfiguration::customize;
	}

	static HttpComponentsClientHttpRequestFactoryBuilder customize(
			HttpComponentsClientHttpRequestFactoryBuilder builder) {
		return builder.withConnectionManagerCustomizer(ApacheClientConfiguration::liftLimits)
			.withHttpClientCustomizer((client) -> client.setRetryStrategy(new NoneBeneathTheMesh())
				.addExecInterceptorFirst("mesh-time-limit", ApacheClientConfiguration::limit));
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

	/** What the app calls without the mesh is tried again as ever. */
	private static final class NoneBeneathTheMesh extends DefaultHttpRequestRetryStrategy {

		@Override
		public boolean retryRequest(HttpRequest request, IOException exception, int execCount, HttpContext context) {
			return !isOfTheMesh(request) && super.retryRequest(request, exception, execCount, context);
		}

		@Override
		public boolean retryRequest(HttpResponse response, int execCount, HttpContext context) {
			return !isOfTheMesh(HttpClientContext.cast(context).getRequest())
					&& super.retryRequest(response, execCount, context);
		}

		private static boolean isOfTheMesh(@Nullable HttpRequest request) {
			return request != null && request.containsHeader(MeshHeaders.DESTINATION);
		}

	}

}
