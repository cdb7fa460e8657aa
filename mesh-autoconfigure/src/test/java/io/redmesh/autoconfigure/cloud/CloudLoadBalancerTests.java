package io.redmesh.autoconfigure.cloud;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.redmesh.autoconfigure.call.HttpTestServer;
import io.redmesh.autoconfigure.call.MeshClient;
import io.redmesh.autoconfigure.call.Ports;
import io.redmesh.core.call.NoEndpointException;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.traffic.RuleBook;
import io.redmesh.core.traffic.TestRules;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.BlockingLoadBalancerInterceptor;
import org.springframework.cloud.client.loadbalancer.LoadBalanced;
import org.springframework.cloud.client.loadbalancer.LoadBalancerClient;
import org.springframework.cloud.client.loadbalancer.LoadBalancerLifecycle;
import org.springframework.cloud.client.loadbalancer.Response;
import org.springframework.cloud.client.loadbalancer.reactive.LoadBalancedExchangeFilterFunction;
import org.springframework.cloud.client.loadbalancer.reactive.ReactiveLoadBalancer;
import org.springframework.cloud.loadbalancer.support.LoadBalancerClientFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.ResponseEntity;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.util.ClassUtils;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.registry.HttpServiceGroup;
import org.springframework.web.service.registry.ImportHttpServices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;

/** Tests of the clients of an app, with Spring Cloud's load balancer and without it. */
class CloudLoadBalancerTests {

	private static final String SPRING_CLOUD_LOADBALANCER = "org.springframework.cloud.loadbalancer";

	private static final List<String> CLIENTS = List.of("io.redmesh.autoconfigure.registry",
			"io.redmesh.autoconfigure.discovery", "io.redmesh.autoconfigure.call",
			"io.redmesh.autoconfigure.cloud.CloudLoadBalancer", "io.redmesh.autoconfigure.restclient",
			"io.redmesh.autoconfigure.webclient", "org.springframework.boot.restclient",
			"org.springframework.boot.webclient", "org.springframework.boot.http.client",
			"org.springframework.boot.micrometer.observation", "org.springframework.boot.autoconfigure.ssl",
			"org.springframework.cloud.client.loadbalancer");

	private final HttpTestServer server = HttpTestServer.start("a");

	@AfterEach
	void closeServer() {
		this.server.close();
	}

	private static ApplicationContextRunner runner(Neighbour neighbour) {
		boolean alone = neighbour == Neighbour.NONE;
		List<String> packages = new ArrayList<>(CLIENTS);
		if (!alone) {
			packages.add(SPRING_CLOUD_LOADBALANCER);
		}
		ApplicationContextRunner runner = new ApplicationContextRunner().withConfiguration(autoConfigurations(packages))
			// The JDK's client, because Netty takes time to stop.
			.withPropertyValues("mesh.discovery.enabled=false", "spring.http.clients.reactive.connector=jdk");
		return alone ? runner.withClassLoader(new FilteredClassLoader(SPRING_CLOUD_LOADBALANCER)) : runner;
	}

	/** Returns the auto-configurations of these packages, as an app would have them. */
	private static AutoConfigurations autoConfigurations(List<String> packages) {
		ClassLoader classLoader = CloudLoadBalancerTests.class.getClassLoader();
		return AutoConfigurations.of(ImportCandidates.load(AutoConfiguration.class, classLoader)
			.getCandidates()
			.stream()
			.filter((name) -> packages.stream().anyMatch(name::startsWith))
			.map((name) -> ClassUtils.resolveClassName(name, classLoader))
			.toArray(Class<?>[]::new));
	}

	private void known(ApplicationContext context) {
		known(context, this.server.instance("orders"), this.server.instance("items"));
	}

	private static void known(ApplicationContext context, Instance... instances) {
		Map<String, List<Instance>> services = new TreeMap<>();
		for (Instance instance : instances) {
			services.computeIfAbsent(instance.service(), (service) -> new ArrayList<>()).add(instance);
		}
		context.getBean(Catalog.class).snapshot(new Cursor("lineage", 1, 1), true, services);
	}

	@ParameterizedTest
	@EnumSource
	void everyMeshedClientReachesTheService(Neighbour neighbour) {
		runner(neighbour).withUserConfiguration(App.class).run((context) -> {
			known(context);
			Clients clients = context.getBean(Clients.class);
			URI orders = URI.create("http://orders/");
			assertThat(clients.meshed.build().get().uri(orders).retrieve().body(String.class)).isEqualTo("a");
			assertThat(clients.balanced.build().get().uri(orders).retrieve().body(String.class)).isEqualTo("a");
			assertThat(clients.templates.template.getForObject(orders, String.class)).isEqualTo("a");
			assertThat(clients.templates.balanced.build().getForObject(orders, String.class)).isEqualTo("a");
			assertThat(clients.templates.meshed.build().getForObject(orders, String.class)).isEqualTo("a");
			assertThat(body(clients.reactive.meshed.build(), orders)).isEqualTo("a");
			assertThat(body(clients.reactive.balanced.build(), orders)).isEqualTo("a");
			assertThat(context.getBean(Orders.class).all()).isEqualTo("a");
			assertThat(context.getBean(Items.class).all().block()).isEqualTo("a");
			assertThat(this.server.received()).extracting((request) -> request.header("Mesh-Destination"))
				.containsExactly("orders", "orders", "orders", "orders", "orders", "orders", "orders", "orders",
						"items");
		});
	}

	@ParameterizedTest
	@EnumSource
	void everyMeshedClientSelectsByLabel(Neighbour neighbour) {
		ApplicationContextRunner selecting = runner(neighbour).withUserConfiguration(App.class)
			.withPropertyValues("mesh.call.services.orders.labels.version=2", "mesh.call.load-balancing=round-robin",
					"mesh.call.services.items.labels.version=2");
		try (HttpTestServer old = HttpTestServer.start("old")) {
			selecting.run((context) -> {
				known(context, old.instance("orders").withLabels(Map.of("version", "1")),
						this.server.instance("orders").withLabels(Map.of("version", "2")),
						old.instance("items").withLabels(Map.of("version", "1")),
						this.server.instance("items").withLabels(Map.of("version", "2")));
				Clients clients = context.getBean(Clients.class);
				URI orders = URI.create("http://orders/");
				for (int call = 0; call < 3; call++) {
					clients.meshed.build().get().uri(orders).retrieve().toBodilessEntity();
					clients.templates.template.getForObject(orders, String.class);
					body(clients.reactive.meshed.build(), orders);
					context.getBean(Orders.class).all();
					context.getBean(Items.class).all().block();
					ServiceInstance picked = context.getBean(LoadBalancerClient.class).choose("orders");
					assertThat(picked.getInstanceId()).isEqualTo("a");
				}
				assertThat(this.server.received()).hasSize(15);
				assertThat(old.received()).isEmpty();
			});
		}
	}

	@Test
	void clientsThatAreMeshedByHandObeyTrafficRules() {
		runner(Neighbour.NONE).run((context) -> {
			known(context);
			context.getBean(RuleBook.class).replace(TestRules.rules(TestRules.ordersYaml("""
					- match: [{uri: {exact: /closed}}]
					  directResponse: {status: 418, body: {string: closed}}
					  headers: {response: {add: {x-rule: orders}}}
					- headers: {request: {add: {x-tag: rule}}, response: {add: {x-rule: orders}}}
					  rewrite: {uri: /internal}
					  route: [{destination: {host: orders}}]
					""")), "r1");
			RestClient blocking = RestClient.builder()
				.requestInterceptor(context.getBean(BlockingLoadBalancerInterceptor.class))
				.defaultStatusHandler((status) -> true, (request, response) -> {
				})
				.build();
			WebClient reactive = WebClient.builder()
				.filter(context.getBean(LoadBalancedExchangeFilterFunction.class))
				.defaultStatusHandler((status) -> true, (response) -> Mono.empty())
				.build();
			for (String path : List.of("/closed", "/items")) {
				URI uri = URI.create("http://orders" + path);
				boolean closed = path.equals("/closed");
				for (ResponseEntity<String> answer : List.of(blocking.get().uri(uri).retrieve().toEntity(String.class),
						reactive.get().uri(uri).retrieve().toEntity(String.class).block())) {
					assertThat(answer.getStatusCode().value()).isEqualTo(closed ? 418 : 200);
					assertThat(answer.getBody()).isEqualTo(closed ? "closed" : "a");
					assertThat(answer.getHeaders().get("x-rule")).containsExactly("orders");
				}
			}
			assertThat(this.server.received()).hasSize(2).allSatisfy((request) -> {
				assertThat(request.uri()).isEqualTo(URI.create("/internalitems"));
				assertThat(request.headers().getAll("x-tag")).containsExactly("rule");
				assertThat(request.header("Mesh-Destination")).isEqualTo("orders");
			});
		});
	}

	private static String body(WebClient client, URI uri) {
		return client.get().uri(uri).retrieve().bodyToMono(String.class).block();
	}

	@ParameterizedTest
	@EnumSource
	void plainBuildersStayUntouched(Neighbour neighbour) {
		runner(neighbour).withUserConfiguration(App.class).run((context) -> {
			known(context);
			Clients clients = context.getBean(Clients.class);
			clients.plain.requestInterceptors((interceptors) -> assertThat(interceptors).isEmpty());
			assertThat(clients.templates.plain.build().getInterceptors()).isEmpty();
			clients.reactive.plain.filters((filters) -> assertThat(filters).isEmpty());
			assertThat(context.getBean("meshRestClientBuilder")).isNotSameAs(context.getBean("meshRestClientBuilder"));
			assertThat(context.getBean("meshWebClientBuilder")).isNotSameAs(context.getBean("meshWebClientBuilder"));
		});
	}

	@ParameterizedTest
	@EnumSource
	void whenNoInstanceCanBeCalledTheErrorSaysSo(Neighbour neighbour) {
		runner(neighbour).withUserConfiguration(App.class).run((context) -> {
			known(context, Instance.of("orders", "a", "127.0.0.1", 0));
			RestClient client = context.getBean(Clients.class).balanced.build();
			assertThatExceptionOfType(ResourceAccessException.class)
				.isThrownBy(() -> client.get().uri("http://orders/").retrieve().toBodilessEntity())
				.withMessageContaining("No instance of 'orders' can be called")
				.withCauseInstanceOf(NoEndpointException.class);
		});
	}

	@ParameterizedTest
	@EnumSource
	void springCloudsOwnClientIsServed(Neighbour neighbour) {
		runner(neighbour).withUserConfiguration(App.class).run((context) -> {
			known(context);
			LoadBalancerClient client = context.getBean(LoadBalancerClient.class);
			ServiceInstance chosen = client.choose("orders");
			assertThat(chosen.getPort()).isEqualTo(this.server.port());
			assertThat(client.choose("unknown")).isNull();
			assertThat(client.reconstructURI(chosen, URI.create("http://orders/a%2Fb")))
				.hasToString("http://127.0.0.1:" + this.server.port() + "/a%2Fb");
			assertThat(client.execute("orders", ServiceInstance::getInstanceId)).isEqualTo("a");
			assertThatThrownBy(() -> client.execute("unknown", ServiceInstance::getInstanceId))
				.isInstanceOf(NoEndpointException.class);
		});
	}

	@Test
	void springCloudsOwnClientRetriesOnlyWhereNothingWasDone() {
		ApplicationContextRunner runner = runner(Neighbour.NONE).withUserConfiguration(App.class)
			.withPropertyValues("mesh.call.load-balancing=round-robin");
		runner.run((context) -> {
			known(context, Instance.of("orders", "dead", "127.0.0.1", Ports.closed()), this.server.instance("orders"));
			LoadBalancerClient client = context.getBean(LoadBalancerClient.class);
			List<String> tried = new ArrayList<>();
			for (int i = 0; i < 2; i++) {
				client.execute("orders", (instance) -> {
					tried.add(instance.getInstanceId());
					instance.getUri().toURL().openConnection().connect();
					return "";
				});
			}
			assertThat(tried).contains("dead").endsWith("a");
			assertThatThrownBy(() -> client.execute("orders", (instance) -> {
				tried.add("broken");
				throw new IOException("Connection reset");
			})).hasMessage("Connection reset");
			assertThat(tried).containsOnlyOnce("broken");
		});
	}

	@ParameterizedTest
	@EnumSource
	@SuppressWarnings("unchecked")
	void factoryOfReactiveLoadBalancersIsServed(Neighbour neighbour) {
		runner(neighbour).withUserConfiguration(App.class).run((context) -> {
			known(context);
			ReactiveLoadBalancer.Factory<ServiceInstance> factory = context.getBean(ReactiveLoadBalancer.Factory.class);
			StepVerifier
				.create(Flux.from(factory.getInstance("orders").choose())
					.map(Response::getServer)
					.map(ServiceInstance::getInstanceId))
				.expectNext("a")
				.verifyComplete();
			StepVerifier.create(Flux.from(factory.getInstance("unknown").choose()).map(Response::hasServer))
				.expectNext(false)
				.verifyComplete();
			assertThat(factory.getProperties("orders")).isNotNull();
			assertThat(factory.getInstances("orders", LoadBalancerLifecycle.class)).hasSize(1);
			Object balancer = factory.getInstance("orders", ReactiveLoadBalancer.class);
			assertThat(balancer).isInstanceOf(MeshReactiveLoadBalancer.class);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "mesh.enabled=false", "mesh.call.enabled=false" })
	void propertyLeavesTheFieldToSpringCloud(String property) {
		runner(Neighbour.SPRING_CLOUD_LOADBALANCER).withPropertyValues(property)
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean("meshRestClientBuilder")
				.doesNotHaveBean("meshRestTemplateBuilder")
				.doesNotHaveBean("meshWebClientBuilder")
				.doesNotHaveBean(MeshLoadBalancerClient.class)
				.hasSingleBean(ReactiveLoadBalancer.Factory.class)
				.hasSingleBean(LoadBalancerClientFactory.class)
				.hasSingleBean(LoadBalancerClient.class)
				.hasSingleBean(BlockingLoadBalancerInterceptor.class)
				.hasSingleBean(LoadBalancedExchangeFilterFunction.class));
	}

	@Test
	void usersClientWins() {
		runner(Neighbour.NONE).withUserConfiguration(OwnClient.class)
			.run((context) -> assertThat(context).getBeanNames(LoadBalancerClient.class)
				.containsExactly("ownLoadBalancerClient"));
	}

	@Test
	void blockingAppNeedsNeitherReactorNorWebClient() {
		FilteredClassLoader classLoader = new FilteredClassLoader("org.springframework.cloud.loadbalancer", "reactor",
				"org.reactivestreams", "io.netty", "org.springframework.web.reactive");
		runner(Neighbour.NONE).withUserConfiguration(BlockingApp.class).withClassLoader(classLoader).run((context) -> {
			known(context);
			assertThat(context).doesNotHaveBean("meshWebClientBuilder");
			assertThat(context.getBean(Orders.class).all()).isEqualTo("a");
			assertThat(((RestClient.Builder) context.getBean("meshRestClientBuilder")).build()
				.get()
				.uri("http://orders/")
				.retrieve()
				.body(String.class)).isEqualTo("a");
		});
	}

	enum Neighbour {

		NONE, SPRING_CLOUD_LOADBALANCER

	}

	interface Orders {

		@GetExchange("/")
		String all();

	}

	interface Items {

		@GetExchange("/")
		Mono<String> all();

	}

	@Configuration(proxyBeanMethods = false)
	@ImportHttpServices(group = "orders", types = Orders.class)
	static class BlockingApp {

	}

	@Configuration(proxyBeanMethods = false)
	@ImportHttpServices(group = "orders", types = Orders.class)
	@ImportHttpServices(group = "items", types = Items.class, clientType = HttpServiceGroup.ClientType.WEB_CLIENT)
	static class App {

		@Bean(defaultCandidate = false)
		@LoadBalanced
		RestClient.Builder balancedRestClient() {
			return RestClient.builder();
		}

		@Bean(defaultCandidate = false)
		@LoadBalanced
		WebClient.Builder balancedWebClient() {
			return WebClient.builder();
		}

		@Bean
		@LoadBalanced
		RestTemplate balancedRestTemplate() {
			return new RestTemplate(new JdkClientHttpRequestFactory());
		}

		@Bean(defaultCandidate = false)
		@LoadBalanced
		RestTemplateBuilder balancedRestTemplates() {
			return new RestTemplateBuilder();
		}

		@Bean
		Clients clients(@MeshClient RestClient.Builder meshed, @LoadBalanced RestClient.Builder balanced,
				RestClient.Builder plain, Templates templates, ReactiveBuilders reactive) {
			return new Clients(meshed, balanced, plain, templates, reactive);
		}

		@Bean
		Templates templates(@LoadBalanced RestTemplate template, @MeshClient RestTemplateBuilder meshed,
				@LoadBalanced RestTemplateBuilder balanced, RestTemplateBuilder plain) {
			return new Templates(template, meshed, balanced, plain);
		}

		@Bean
		ReactiveBuilders reactiveBuilders(@MeshClient WebClient.Builder meshed,
				@LoadBalanced WebClient.Builder balanced, WebClient.Builder plain) {
			return new ReactiveBuilders(meshed, balanced, plain);
		}

	}

	record Templates(RestTemplate template, RestTemplateBuilder meshed, RestTemplateBuilder balanced,
			RestTemplateBuilder plain) {

	}

	record ReactiveBuilders(WebClient.Builder meshed, WebClient.Builder balanced, WebClient.Builder plain) {

	}

	record Clients(RestClient.Builder meshed, RestClient.Builder balanced, RestClient.Builder plain,
			Templates templates, ReactiveBuilders reactive) {

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnClient {

		@Bean
		LoadBalancerClient ownLoadBalancerClient() {
			return mock(LoadBalancerClient.class);
		}

	}

}
