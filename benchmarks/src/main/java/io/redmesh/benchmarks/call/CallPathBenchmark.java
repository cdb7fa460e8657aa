package io.redmesh.benchmarks.call;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.registry.Cursor;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cloud.client.loadbalancer.LoadBalanced;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.http.ResponseEntity;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * The cost of a call of a {@code @LoadBalanced} client to one of several instances, over
 * a network that responds at once. So it measures the part of the mesh, of
 * spring-cloud-loadbalancer, or of neither.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "-Xmx1g")
public class CallPathBenchmark {

	private static final URI ITEM = URI.create("http://orders/items/4711?details=true");

	/** The component that finds the instance. */
	@Param({ "PLAIN", "PASSED", "MESH", "SPRING_CLOUD_LOADBALANCER" })
	public Finder finder = Finder.PLAIN;

	/** The number of instances. */
	@Param("3")
	public int instances = 3;

	private ConfigurableApplicationContext context = new GenericApplicationContext();

	private RestClient client = RestClient.create();

	private WebClient reactive = WebClient.create();

	/** Starts an app. */
	@Setup
	public void start() {
		List<Instance> orders = new ArrayList<>();
		List<String> properties = new ArrayList<>(List.of("spring.application.name=storefront",
				"spring.main.banner-mode=off", "logging.level.root=WARN", "mesh.registration.enabled=false",
				"mesh.discovery.enabled=false", "spring.cloud.loadbalancer.retry.enabled=false",
				"mesh.enabled=" + (this.finder == Finder.MESH)));
		for (int i = 0; i < this.instances; i++) {
			Instance instance = Instance.of("orders", "orders-" + i, "10.0.0." + (i + 1), 8080);
			orders.add(instance);
			properties.add("spring.cloud.discovery.client.simple.instances.orders[%d].uri=http://%s".formatted(i,
					instance.authority()));
		}
		this.context = new SpringApplicationBuilder(App.class).web(WebApplicationType.NONE)
			.properties(properties.toArray(String[]::new))
			.run();
		this.context.getBeanProvider(Catalog.class)
			.ifAvailable((catalog) -> catalog.snapshot(new Cursor("benchmark", 1, 1), true, Map.of("orders", orders)));
		this.client = builder().build();
		this.reactive = reactiveBuilder().build();
	}

	private RestClient.Builder builder() {
		RestClient.Builder plain = RestClient.builder().requestFactory(new NoNetwork());
		return switch (this.finder) {
			case PLAIN -> plain;
			case PASSED -> plain.requestInterceptor((request, body, execution) -> execution.execute(request, body));
			case MESH, SPRING_CLOUD_LOADBALANCER -> this.context.getBean("balanced", RestClient.Builder.class);
		};
	}

	private WebClient.Builder reactiveBuilder() {
		WebClient.Builder plain = WebClient.builder().clientConnector(new NoReactiveNetwork());
		return switch (this.finder) {
			case PLAIN -> plain;
			case PASSED -> plain.filter((request, next) -> next.exchange(request));
			case MESH, SPRING_CLOUD_LOADBALANCER -> this.context.getBean("reactive", WebClient.Builder.class);
		};
	}

	/** Stops the app. */
	@TearDown
	public void stop() {
		this.context.close();
	}

	/**
	 * Makes one call with a RestClient.
	 * @return the response
	 */
	@Benchmark
	public ResponseEntity<Void> restClient() {
		return this.client.get().uri(ITEM).retrieve().toBodilessEntity();
	}

	/**
	 * Makes one call with a WebClient.
	 * @return the response
	 */
	@Benchmark
	public @Nullable ResponseEntity<Void> webClient() {
		return this.reactive.get().uri(ITEM).retrieve().toBodilessEntity().block();
	}

	/** The components that find an instance. */
	public enum Finder {

		/** None; the request goes to the host of its URI. */
		PLAIN,

		/**
		 * None, but an interceptor or filter passes the request on. It shows the cost of
		 * that alone.
		 */
		PASSED,

		/** This mesh. */
		MESH,

		/** Spring Cloud's load balancer. */
		SPRING_CLOUD_LOADBALANCER

	}

	/** An app with one client. */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class App {

		@Bean
		@LoadBalanced
		RestClient.Builder balanced() {
			return RestClient.builder().requestFactory(new NoNetwork());
		}

		@Bean
		@LoadBalanced
		WebClient.Builder reactive() {
			return WebClient.builder().clientConnector(new NoReactiveNetwork());
		}

	}

}
