package io.redmesh.autoconfigure.restclient;

import io.redmesh.autoconfigure.call.CallAutoConfiguration;
import io.redmesh.autoconfigure.discovery.DiscoveryAutoConfiguration;
import io.redmesh.autoconfigure.registry.RegistryAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestTemplateAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cloud.client.loadbalancer.RestTemplateCustomizer;
import org.springframework.http.client.BufferingClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.web.client.RestTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Clients on {@code HttpURLConnection} are refused. */
class UnfitClientTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(RegistryAutoConfiguration.class, DiscoveryAutoConfiguration.class,
				CallAutoConfiguration.class, HttpClientAutoConfiguration.class,
				ImperativeHttpClientAutoConfiguration.class, RestClientAutoConfiguration.class,
				RestTemplateAutoConfiguration.class, MeshRestClientAutoConfiguration.class))
		.withPropertyValues("mesh.discovery.enabled=false");

	@ParameterizedTest
	@ValueSource(strings = { "meshRestClientBuilder", "meshRestTemplateBuilder" })
	void builderOfTheMeshIsRefusedWithAWordOnWhatToSet(String builder) {
		this.runner.withPropertyValues("spring.http.clients.imperative.factory=simple").run((context) -> {
			assertThat(context).hasNotFailed();
			assertThatThrownBy(() -> context.getBean(builder)).satisfies((failure) -> {
				FailureAnalysis analysis = new UnfitClientFailureAnalyzer().analyze(failure);
				assertThat(analysis.getDescription()).contains("HttpURLConnection");
				assertThat(analysis.getAction()).contains("spring.http.clients.imperative.factory");
			});
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "meshRestClientBuilder", "meshRestTemplateBuilder" })
	void otherClientsAreTaken(String builder) {
		this.runner.withPropertyValues("spring.http.clients.imperative.factory=jdk")
			.run((context) -> assertThat(context.getBean(builder)).isNotNull());
	}

	@Test
	void loadBalancedTemplateIsRefused() {
		this.runner.run((context) -> {
			RestTemplateCustomizer customizer = context.getBean(RestTemplateCustomizer.class);
			assertThatExceptionOfType(UnfitClientException.class)
				.isThrownBy(() -> customizer.customize(new RestTemplate()));
			ClientHttpRequestFactory wrapped = new BufferingClientHttpRequestFactory(
					new SimpleClientHttpRequestFactory());
			RestTemplate template = new RestTemplate(wrapped);
			template.getInterceptors().add((request, body, execution) -> execution.execute(request, body));
			assertThatExceptionOfType(UnfitClientException.class).isThrownBy(() -> customizer.customize(template));
			RestTemplate fit = new RestTemplate(new JdkClientHttpRequestFactory());
			customizer.customize(fit);
			assertThat(fit.getInterceptors()).hasSize(1);
		});
	}

}
