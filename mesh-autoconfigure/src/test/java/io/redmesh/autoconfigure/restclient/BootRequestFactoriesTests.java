package io.redmesh.autoconfigure.restclient;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

import io.redmesh.autoconfigure.call.FaultyServer;
import io.redmesh.autoconfigure.call.HttpTestServer;
import io.redmesh.autoconfigure.call.MeshClient;
import io.redmesh.autoconfigure.call.Ports;
import io.redmesh.autoconfigure.call.Provided;
import io.redmesh.core.endpoint.EndpointPools;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.registry.Cursor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.restclient.RestClientCustomizer;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.boot.restclient.autoconfigure.RestClientBuilderConfigurer;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cloud.client.loadbalancer.LoadBalanced;
import org.springframework.cloud.client.loadbalancer.LoadBalancerRequestTransformer;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.client.support.HttpRequestWrapper;
import org.springframework.util.ClassUtils;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.PostExchange;
import org.springframework.web.service.registry.ImportHttpServices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Tests that the mesh gets into the blocking clients of an app in each way to make them.
 */
@ExtendWith(OutputCaptureExtension.class)
class BootRequestFactoriesTests {

	private static final String SPRING_CLOUD_LOADBALANCER = "org.springframework.cloud.loadbalancer";

	private static final List<String> CLIENTS = List.of("io.redmesh.autoconfigure.registry.",
			"io.redmesh.autoconfigure.discovery", "io.redmesh.autoconfigure.call",
			"io.redmesh.autoconfigure.cloud.CloudLoadBalancer", "io.redmesh.autoconfigure.restclient",
			"org.springframework.boot.restclient", "org.springframework.boot.http.client",
			"org.springframework.boot.autoconfigure.ssl", "org.springframework.cloud.client.loadbalancer");

	private final List<AutoCloseable> opened = new ArrayList<>();

	static BootRequestFactories none() {
		return new BootRequestFactories(Provided.none(ClientHttpRequestFactoryBuilder.class),
				Provided.none(HttpClientSettings.class));
	}

	@AfterEach
	void closeServers() throws Exception {
		for (AutoCloseable server : this.opened) {
			server.close();
		}
	}

	private <T extends AutoCloseable> T opened(T server) {
		this.opened.add(server);
		return server;
	}

	private static ApplicationContextRunner runner() {
		ClassLoader classLoader = BootRequestFactoriesTests.class.getClassLoader();
		Class<?>[] all = ImportCandidates.load(AutoConfiguration.class, classLoader)
			.getCandidates()
			.stream()
			.filter((name) -> CLIENTS.stream().anyMatch(name::startsWith))
			.map((name) -> ClassUtils.resolveClassName(name, classLoader))
			.toArray(Class<?>[]::new);
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(all))
			.withClassLoader(new FilteredClassLoader(SPRING_CLOUD_LOADBALANCER))
			.withPropertyValues("mesh.discovery.enabled=false", "mesh.call.load-balancing=round-robin")
			.withUserConfiguration(App.class);
	}

	private static void known(ApplicationContext context, Instance... instances) {
		Map<String, List<Instance>> services = new TreeMap<>();
		for (Instance instance : instances) {
			services.computeIfAbsent(instance.service(), (service) -> new ArrayList<>()).add(instance);
		}
		context.getBean(Catalog.class).snapshot(new Cursor("lineage", 1, 1), true, services);
	}

	@ParameterizedTest
	@CsvSource({ "jdk, bare", "http-components, bare", "jetty, bare", "reactor, bare", "jdk, configured",
			"http-components, configured", "jetty, configured", "reactor, configured", "jdk, meshed",
			"http-components, meshed", "jdk, new-template", "http-components, new-template", "jdk, built-template",
			"http-components, built-template", "jetty, built-template", "reactor, built-template",
			"jdk, meshed-template", "http-components, meshed-template", "jdk, group", "http-components, group",
			"jetty, group", "reactor, group", "jdk, balanced-templates", "http-components, balanced-templates" })
	void redirectsAndRepetitionsAreTheMeshsOwn(String kind, String client) throws Exception {
		HttpTestServer redirecting = opened(
				HttpTestServer.redirecting("a", 303, "http://127.0.0.1:" + Ports.closed() + "/"));
		FaultyServer faulty = opened(FaultyServer.resetting());
		runner()
			.withPropertyValues("spring.http.clients.imperative.factory=" + kind,
					"spring.http.serviceclient.group.base-url=http://orders", "mesh.call.retry.max-attempts=1")
			.run((context) -> {
				Function<HttpMethod, String> call = context.getBean(Clients.class).of(client);
				known(context, redirecting.instance("orders"));
				assertThatThrownBy(() -> call.apply(HttpMethod.POST));
				assertThat(redirecting.received()).hasSize(1);
				assertThat(context.getBean(EndpointPools.class).pool("orders").view().candidates()).hasSize(1);
				known(context, faulty.instance("orders", "faulty"));
				assertThatThrownBy(() -> call.apply(HttpMethod.POST));
				assertThat(faulty.requests()).isEqualTo(1);
			});
	}

	@Test
	void templateOnHttpUrlConnectionGetsAnotherClientWithOneWarning(CapturedOutput output) {
		runner().run((context) -> {
			HttpTestServer server = opened(HttpTestServer.start("a"));
			known(context, server.instance("orders"));
			assertThat(context.getBean(Clients.class).of("new-template").apply(HttpMethod.GET)).isEqualTo("a");
			assertThat(output).containsOnlyOnce("A RestTemplate of the mesh is built on HttpURLConnection");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "http://orders", "lb://orders" })
	void groupWithABaseUrlCallsTheService(String url) {
		HttpTestServer server = opened(HttpTestServer.start("a"));
		runner().withPropertyValues("spring.http.serviceclient.group.base-url=" + url).run((context) -> {
			known(context, Instance.of("orders", "dead", "127.0.0.1", Ports.closed()), server.instance("orders"));
			for (int call = 0; call < 3; call++) {
				assertThat(context.getBean(Clients.class).of("group").apply(HttpMethod.POST)).isEqualTo("a");
			}
		});
	}

	@Test
	void settingsOfABuiltTemplateStay() {
		FaultyServer silent = opened(FaultyServer.silent());
		runner().run((context) -> {
			known(context, silent.instance("orders", "silent"));
			assertThatThrownBy(() -> context.getBean(Clients.class).of("built-template").apply(HttpMethod.POST))
				.rootCause()
				.isInstanceOf(IOException.class)
				.hasMessageNotContaining("No response from");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "own", "own-template" })
	void httpClientOfTheAppStaysBelowTheMesh(String client) {
		HttpTestServer server = opened(HttpTestServer.start("a"));
		runner().run((context) -> {
			known(context, Instance.of("orders", "dead", "127.0.0.1", Ports.closed()), server.instance("orders"));
			for (int call = 0; call < 3; call++) {
				assertThat(context.getBean(Clients.class).of(client).apply(HttpMethod.POST)).isEqualTo("a");
			}
			assertThat(server.received()).hasSize(3)
				.allMatch((request) -> "yes".equals(request.header("X-Own-Client")));
		});
	}

	@Test
	void httpClientThatACustomizerSetsStaysBelowTheMesh() {
		HttpTestServer server = opened(HttpTestServer.start("a"));
		runner().withBean(RestClientCustomizer.class, () -> (builder) -> builder.requestFactory(new OwnFactory()))
			.run((context) -> {
				known(context, server.instance("orders"));
				for (String client : List.of("meshed", "configured")) {
					assertThat(context.getBean(Clients.class).of(client).apply(HttpMethod.GET)).isEqualTo("a");
				}
				assertThat(server.received()).hasSize(2)
					.allMatch((request) -> "yes".equals(request.header("X-Own-Client")));
			});
	}

	@Test
	void clientsThatAreNotTheMeshsAreAsTheyWere() {
		FaultyServer faulty = opened(FaultyServer.resetting());
		HttpTestServer target = opened(HttpTestServer.start("target"));
		HttpTestServer redirecting = opened(
				HttpTestServer.redirecting("a", 302, "http://127.0.0.1:" + target.port() + "/"));
		runner().withPropertyValues("spring.http.clients.imperative.factory=http-components").run((context) -> {
			RestClient plain = context.getBean(RestClient.Builder.class).build();
			assertThat(plain.get()
				.uri(URI.create("http://127.0.0.1:" + redirecting.port() + "/"))
				.retrieve()
				.body(String.class)).isEqualTo("target");
			assertThatThrownBy(() -> plain.get()
				.uri(URI.create("http://127.0.0.1:" + faulty.port() + "/"))
				.retrieve()
				.toBodilessEntity());
			assertThat(context.getEnvironment().getProperty("spring.http.clients.connect-timeout")).isNull();
		});
	}

	@Test
	void transformersAndForwardedHeadersAreHonoured() {
		HttpTestServer server = opened(HttpTestServer.start("a"));
		LoadBalancerRequestTransformer transformer = (request, instance) -> new HttpRequestWrapper(request) {

			@Override
			public HttpHeaders getHeaders() {
				HttpHeaders headers = HttpHeaders.copyOf(super.getHeaders());
				headers.add("X-Instance", instance.getInstanceId());
				return headers;
			}

		};
		runner().withBean(LoadBalancerRequestTransformer.class, () -> transformer)
			.withPropertyValues("spring.cloud.loadbalancer.x-forwarded.enabled=true")
			.run((context) -> {
				known(context, Instance.of("orders", "dead", "127.0.0.1", Ports.closed()), server.instance("orders"));
				for (int call = 0; call < 2; call++) {
					assertThat(context.getBean(Clients.class).of("meshed").apply(HttpMethod.GET)).isEqualTo("a");
				}
				assertThat(server.received()).hasSize(2).allSatisfy((request) -> {
					assertThat(request.headers().getAll("X-Instance")).containsExactly("a");
					assertThat(request.headers().getAll("X-Forwarded-Host")).containsExactly("orders");
					assertThat(request.headers().getAll("X-Forwarded-Proto")).containsExactly("http");
					assertThat(request.header("Mesh-Destination")).isEqualTo("orders");
				});
			});
	}

	/** An HTTP client of the app. */
	private static final class OwnFactory implements ClientHttpRequestFactory {

		private final ClientHttpRequestFactory factory = new JdkClientHttpRequestFactory();

		@Override
		public ClientHttpRequest createRequest(URI uri, HttpMethod method) throws IOException {
			if (uri.getPort() == 0) {
				throw new ConnectException();
			}
			ClientHttpRequest request = this.factory.createRequest(uri, method);
			request.getHeaders().set("X-Own-Client", "yes");
			return request;
		}

	}

	interface Group {

		@GetExchange("/")
		String get();

		@PostExchange("/")
		String post();

	}

	record Clients(Map<String, Function<HttpMethod, String>> all) {

		Function<HttpMethod, String> of(String name) {
			return this.all.get(name);
		}

	}

	record RestClients(RestClient.Builder bare, RestClient.Builder configured, RestClient.Builder own,
			RestClient.Builder meshed) {

	}

	@Configuration(proxyBeanMethods = false)
	@ImportHttpServices(group = "group", types = Group.class)
	static class App {

		private static final URI ORDERS = URI.create("http://orders/");

		@Bean(defaultCandidate = false)
		@Qualifier("bare")
		@LoadBalanced
		RestClient.Builder bare() {
			return RestClient.builder();
		}

		@Bean(defaultCandidate = false)
		@Qualifier("configured")
		@LoadBalanced
		RestClient.Builder configured(RestClientBuilderConfigurer configurer) {
			return configurer.configure(RestClient.builder());
		}

		@Bean(defaultCandidate = false)
		@Qualifier("own")
		@LoadBalanced
		RestClient.Builder own() {
			return RestClient.builder().requestFactory(new OwnFactory());
		}

		@Bean
		@LoadBalanced
		RestTemplate newTemplate() {
			return new RestTemplate();
		}

		@Bean
		@LoadBalanced
		RestTemplate ownTemplate() {
			return new RestTemplate(new OwnFactory());
		}

		@Bean
		@LoadBalanced
		RestTemplate builtTemplate(RestTemplateBuilder builder) {
			return builder.readTimeout(Duration.ofMillis(300)).build();
		}

		@Bean(defaultCandidate = false)
		@LoadBalanced
		RestTemplateBuilder balancedTemplates() {
			return new RestTemplateBuilder();
		}

		@Bean
		Clients clients(RestClients builders, @MeshClient RestTemplateBuilder meshedTemplates,
				@LoadBalanced RestTemplateBuilder balancedTemplates, Map<String, RestTemplate> templates, Group group) {
			return new Clients(Map.of("bare", client(builders.bare), "configured", client(builders.configured), "own",
					client(builders.own), "meshed", client(builders.meshed), "new-template",
					client(templates.get("newTemplate")), "own-template", client(templates.get("ownTemplate")),
					"built-template", client(templates.get("builtTemplate")), "meshed-template",
					client(meshedTemplates.build()), "balanced-templates", client(balancedTemplates.build()), "group",
					(method) -> method.equals(HttpMethod.POST) ? group.post() : group.get()));
		}

		@Bean
		RestClients restClients(@Qualifier("bare") RestClient.Builder bare,
				@Qualifier("configured") RestClient.Builder configured, @Qualifier("own") RestClient.Builder own,
				@MeshClient RestClient.Builder meshed) {
			return new RestClients(bare, configured, own, meshed);
		}

		private static Function<HttpMethod, String> client(RestClient.Builder builder) {
			RestClient client = builder.build();
			return (method) -> client.method(method).uri(ORDERS).retrieve().body(String.class);
		}

		private static Function<HttpMethod, String> client(RestTemplate template) {
			return (method) -> template.execute(ORDERS, method, null,
					(response) -> new String(response.getBody().readAllBytes(), StandardCharsets.UTF_8));
		}

	}

}
