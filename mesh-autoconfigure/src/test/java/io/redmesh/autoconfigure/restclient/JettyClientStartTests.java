package io.redmesh.autoconfigure.restclient;

import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.client.JettyClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.ClientHttpRequestFactoryBuilderCustomizer;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

class JettyClientStartTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withPropertyValues("spring.http.clients.imperative.factory=jetty")
		.withConfiguration(AutoConfigurations.of(ImperativeHttpClientAutoConfiguration.class));

	@Test
	void itIsStartedBeforeAnyCallAndKeepsNoAppAlive() {
		this.runner.withUserConfiguration(App.class).run((context) -> {
			JettyClient.tune(context.getBean(JettyClientHttpRequestFactoryBuilder.class)).build();
			HttpClient client = context.getBean(App.class).client;
			assertThat(client).isNotNull().matches(HttpClient::isStarted);
			assertThat(client.getExecutor()).isInstanceOfSatisfying(QueuedThreadPool.class,
					(threads) -> assertThat(threads.isDaemon()).isTrue());
			assertThat(Thread.getAllStackTraces().keySet())
				.filteredOn((thread) -> thread.getName().startsWith("mesh-jetty"))
				.isNotEmpty()
				.allMatch(Thread::isDaemon);
			client.stop();
		});
	}

	@Configuration(proxyBeanMethods = false)
	static class App {

		private @Nullable HttpClient client;

		@Bean
		ClientHttpRequestFactoryBuilderCustomizer<JettyClientHttpRequestFactoryBuilder> own() {
			return (builder) -> builder.withHttpClientCustomizer((client) -> this.client = client);
		}

	}

}
