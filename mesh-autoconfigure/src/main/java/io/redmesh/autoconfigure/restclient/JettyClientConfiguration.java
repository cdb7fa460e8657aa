package io.redmesh.autoconfigure.restclient;

import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.http.client.JettyClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.ClientHttpRequestFactoryBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.client.JettyClientHttpRequestFactory;

/**
 * Makes Jetty's client fit for the mesh: it is started before any call, on threads that
 * keep no app alive. The first call would start it otherwise, and when that call is
 * interrupted, because its time is over, say, the client may wait for itself for ever,
 * and all further calls for the client.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({ HttpClient.class, ClientHttpRequestFactoryBuilderCustomizer.class })
class JettyClientConfiguration {

	private static final String NAME = "jetty-client";

	// First, so that the app's own customizers have the last word.
	@Bean
	@Order(Ordered.HIGHEST_PRECEDENCE)
	ClientHttpRequestFactoryBuilderCustomizer<JettyClientHttpRequestFactoryBuilder> meshJettyClientCustomizer() {
		return JettyClientConfiguration::customize;
	}

	static JettyClientHttpRequestFactoryBuilder customize(JettyClientHttpRequestFactoryBuilder builder) {
		return builder.withHttpClientCustomizer(JettyClientConfiguration::keepNothingAlive)
			.withCustomizer(JettyClientConfiguration::start);
	}

	private static void keepNothingAlive(HttpClient client) {
		QueuedThreadPool threads = new QueuedThreadPool();
		threads.setName(NAME);
		threads.setDaemon(true);
		client.setExecutor(threads);
		client.setScheduler(new ScheduledExecutorScheduler(NAME + "-scheduler", true));
	}

	private static void start(JettyClientHttpRequestFactory factory) {
		try {
			factory.afterPropertiesSet();
		}
		catch (Exception ex) {
			throw new IllegalStateException("Jetty's client cannot be started", ex);
		}
	}

}
