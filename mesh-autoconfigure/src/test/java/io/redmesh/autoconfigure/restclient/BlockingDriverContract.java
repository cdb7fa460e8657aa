package io.redmesh.autoconfigure.restclient;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

import io.redmesh.autoconfigure.call.HttpCalls;
import io.redmesh.autoconfigure.call.MeshClient;
import io.redmesh.autoconfigure.call.Provided;
import io.redmesh.autoconfigure.call.RandomEndings;
import io.redmesh.autoconfigure.call.ReactorConnections;
import io.redmesh.autoconfigure.call.RoutedCallContract;
import io.redmesh.autoconfigure.cloud.ForwardedHeaders;
import io.redmesh.core.call.CallPolicy;
import io.redmesh.core.time.Time;
import io.redmesh.core.time.Timer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.cloud.client.loadbalancer.LoadBalancerRequestTransformer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.RequestEntity;
import org.springframework.http.ResponseEntity;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.util.CollectionUtils;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.client.support.RestClientAdapter;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Tests of the driver of blocking calls, for each HTTP client and API of the app. Each
 * test runs with each API; the ways to wire the API take turns.
 */
@ParameterizedClass
@EnumSource
abstract class BlockingDriverContract extends RoutedCallContract {

	private final TimeLimits limits = new TimeLimits(Time.system(), opened(Timer.start("limits")));

	/** The app's own changes to the request of each attempt. */
	protected final List<LoadBalancerRequestTransformer> transformers = new ArrayList<>();

	private final Timer interruptions = opened(Timer.start("interruptions"));

	@Parameter
	Api api;

	private Wiring wiring = Wiring.PLAIN;

	private final ReactorConnections reactor = new ReactorConnections();

	private final Map<HttpCalls, MeshRequestFactories> factories = new ConcurrentHashMap<>();

	/** Returns the HTTP client under test. */
	abstract ClientHttpRequestFactoryBuilder<?> httpClient();

	/** Returns the transport under test. It keeps the settings of its first use. */
	protected final MeshRequestFactories factories(HttpCalls calls, Time time) {
		return this.factories.computeIfAbsent(calls,
				(key) -> new MeshRequestFactories(new BlockingDriver(calls, this.limits, time),
						new Exchanges(new ForwardedHeaders(null), this.transformers),
						Provided.of(ClientHttpRequestFactoryBuilder.class, httpClient()),
						Provided.of(HttpClientSettings.class,
								HttpClientSettings.defaults().withReadTimeout(this.readTimeout)),
						Provided.of(ReactorConnections.class, this.reactor), BootRequestFactoriesTests.none()));
	}

	protected final RestClient client(HttpCalls calls, Time time) {
		RestClient.Builder builder = this.wiring.wire(factories(calls, time))
			.defaultStatusHandler((status) -> true, (request, response) -> {
			});
		this.appCode.forEach((code) -> builder.requestInterceptor(interceptor(code)));
		return builder.build();
	}

	private RestTemplate template(HttpCalls calls) {
		RestTemplate template = this.wiring.wireTemplate(factories(calls, this.time));
		template.setErrorHandler((response) -> false);
		this.appCode.forEach((code) -> template.getInterceptors().add(interceptor(code)));
		template.getClientHttpRequestInitializers().add((request) -> request.getAttributes().putAll(this.attributes));
		return template;
	}

	private static ClientHttpRequestInterceptor interceptor(AppCode code) {
		return (request, body, execution) -> {
			code.before(request.getURI(), request.getHeaders());
			return execution.execute(request, body);
		};
	}

	@BeforeEach
	void chooseWiring(TestInfo test) {
		int turn = test.getDisplayName().hashCode() + this.api.ordinal();
		this.wiring = Wiring.values()[Math.floorMod(turn, Wiring.values().length)];
	}

	@AfterEach
	void closeClients() throws Exception {
		for (MeshRequestFactories made : this.factories.values()) {
			made.destroy();
		}
		this.reactor.destroy();
	}

	@Override
	protected Answer send(HttpCalls calls, String method, URI uri, Map<String, String> headers, String body) {
		HttpMethod verb = HttpMethod.valueOf(method);
		HttpHeaders all = new HttpHeaders();
		headers.forEach(all::set);
		ResponseEntity<String> answer = switch (this.api) {
			case REST_CLIENT -> {
				RestClient.RequestBodySpec request = client(calls, this.time).method(verb).uri(uri);
				this.attributes.forEach(request::attribute);
				request.headers((added) -> added.addAll(all));
				yield (body.isEmpty() ? request : request.body(body)).retrieve().toEntity(String.class);
			}
			case REST_TEMPLATE -> template(calls)
				.exchange(new RequestEntity<>(body.isEmpty() ? null : body, all, verb, uri), String.class);
			case HTTP_EXCHANGE -> HttpServiceProxyFactory.builderFor(RestClientAdapter.create(client(calls, this.time)))
				.build()
				.createClient(AnyExchange.class)
				.exchange(uri, verb,
						CollectionUtils.toMultiValueMap(headers.entrySet()
							.stream()
							.collect(Collectors.toMap(Map.Entry::getKey, (entry) -> List.of(entry.getValue())))),
						body.isEmpty() ? null : body, (Boolean) this.attributes.get(MeshClient.REPEATABLE));
		};
		this.answered = answer.getHeaders();
		return new Answer(answer.getStatusCode().value(), Objects.requireNonNullElse(answer.getBody(), ""),
				answer.getHeaders().getFirst(HttpHeaders.SET_COOKIE));
	}

	@Test
	void anErrorOfTheBodyFailsItsOwnCallOnly() throws Exception {
		known(server("a").instance("orders"));
		RestClient client = client(calls(CallPolicy.DEFAULT), this.time);
		for (int i = 0; i < 2; i++) {
			RestClient.RequestBodySpec request = client.post().uri("http://orders/").body((output) -> {
				output.write(1);
				throw new AssertionError("No body");
			});
			assertThatThrownBy(() -> request.retrieve().toBodilessEntity()).hasStackTraceContaining("No body");
			assertThat(client.get().uri("http://orders/").retrieve().body(String.class)).isEqualTo("a");
		}
	}

	// The other APIs end calls in the same way.
	@Override
	protected boolean endsDiffer() {
		return this.api == Api.REST_CLIENT;
	}

	@Override
	protected void end(HttpCalls calls, RandomEndings.Call call) throws Exception {
		RestClient.RequestBodySpec request = client(calls, Time.system()).method(call.method()).uri(call.uri());
		switch (call.ending()) {
			case READ -> request.retrieve().toEntity(byte[].class);
			case UNREAD -> request.exchange((sent, response) -> response.getStatusCode());
			case BROKEN_OFF -> {
				Interruption interruption = new Interruption(Thread.currentThread());
				this.interruptions.schedule(call.after(), interruption::interrupt);
				try {
					request.body("interrupted").retrieve().toEntity(byte[].class);
				}
				finally {
					interruption.tooLate();
				}
			}
			case BODY_FAILS -> request.body((output) -> {
				output.write(1);
				throw new IOException("No body");
			}).retrieve().toBodilessEntity();
		}
	}

	/** The API that the app uses. */
	enum Api {

		REST_CLIENT, REST_TEMPLATE, HTTP_EXCHANGE

	}

	/** The way in which the mesh gets into the app's client. */
	enum Wiring {

		/** A builder of the app's own with the mesh's request factory. */
		PLAIN {
			@Override
			RestClient.Builder wire(MeshRequestFactories factories) {
				return RestClient.builder().requestFactory(factories.shared());
			}

			@Override
			RestTemplate wireTemplate(MeshRequestFactories factories) {
				return new RestTemplate(factories.shared());
			}
		},

		/** A builder or template that is {@code @LoadBalanced}. */
		LOAD_BALANCED {
			@Override
			RestClient.Builder wire(MeshRequestFactories factories) {
				return factories.install(RestClient.builder());
			}

			@Override
			RestTemplate wireTemplate(MeshRequestFactories factories) {
				RestTemplate template = new RestTemplate();
				factories.install(template);
				return template;
			}
		},

		/** A builder that is {@code @MeshClient}. */
		MESH_CLIENT {
			@Override
			RestClient.Builder wire(MeshRequestFactories factories) {
				return factories.install(RestClient.builder().requestFactory(factories.shared()));
			}

			@Override
			RestTemplate wireTemplate(MeshRequestFactories factories) {
				return new RestTemplateBuilder().requestFactoryBuilder(factories.wrap(null)).build();
			}
		};

		abstract RestClient.Builder wire(MeshRequestFactories factories);

		abstract RestTemplate wireTemplate(MeshRequestFactories factories);

	}

	interface AnyExchange {

		@HttpExchange
		ResponseEntity<String> exchange(URI uri, HttpMethod method,
				@RequestHeader MultiValueMap<String, String> headers, @RequestBody(required = false) String body,
				@RequestAttribute(name = MeshClient.REPEATABLE, required = false) Boolean repeatable);

	}

	private static final class Interruption {

		private final Thread thread;

		private boolean late;

		Interruption(Thread thread) {
			this.thread = thread;
		}

		synchronized void interrupt() {
			if (!this.late) {
				this.thread.interrupt();
			}
		}

		synchronized void tooLate() {
			this.late = true;
		}

	}

}
