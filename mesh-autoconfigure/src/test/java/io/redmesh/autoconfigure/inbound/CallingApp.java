package io.redmesh.autoconfigure.inbound;

import java.nio.charset.StandardCharsets;
import java.util.function.Function;

import io.netty.resolver.DefaultAddressResolverGroup;
import io.redmesh.autoconfigure.call.MeshClient;
import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.http.client.autoconfigure.reactive.ClientHttpConnectorBuilderCustomizer;
import org.springframework.boot.http.client.reactive.ReactorClientHttpConnectorBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseEntity;
import org.springframework.util.StreamUtils;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.server.ResponseStatusException;

/**
 * An app that calls a service in every way that passes its failure on to the caller, or
 * does not. The paths below {@code /blocking} are for servlets.
 */
@RestController
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class CallingApp {

	private final RestClient blocking;

	private final WebClient reactive;

	private final boolean bad;

	CallingApp(@MeshClient RestClient.Builder blocking, @MeshClient WebClient.Builder reactive,
			Environment environment) {
		this.blocking = blocking.build();
		this.reactive = reactive.build();
		this.bad = environment.getProperty("bad", Boolean.class, false);
	}

	static ConfigurableApplicationContext start(String type, String... properties) {
		return new SpringApplicationBuilder(CallingApp.class)
			.properties("spring.main.web-application-type=" + type, "spring.application.name=orders", "server.port=0",
					"server.address=127.0.0.1", "server.shutdown=immediate", "mesh.registration.enabled=false",
					"mesh.discovery.enabled=false", "spring.config.name=none", "spring.main.banner-mode=off",
					"logging.level.org.springframework.boot.webflux=off", "logging.level.org.apache.catalina=off",
					// InboundApp tells why connections are not kept alive.
					"server.netty.max-keep-alive-requests=1")
			.properties(properties)
			.run();
	}

	HttpStatusCode orders(String path) {
		return this.blocking.get()
			.uri("http://orders" + path)
			.exchange((request, response) -> response.getStatusCode());
	}

	/**
	 * Resolves names with the JDK, which remembers for a while that a host is unknown.
	 * Netty asks the name server in each call, and some take half a second to answer
	 * that.
	 */
	@Bean
	static ClientHttpConnectorBuilderCustomizer<ReactorClientHttpConnectorBuilder> resolver() {
		return (builder) -> builder
			.withHttpClientCustomizer((client) -> client.resolver(DefaultAddressResolverGroup.INSTANCE));
	}

	private Mono<String> call() {
		return this.reactive.get().uri("http://stock/").retrieve().bodyToMono(String.class);
	}

	private String callBlocking() {
		return this.blocking.get().uri("http://stock/").retrieve().body(String.class);
	}

	private <T> T callBlocking(Function<RestClientException, RuntimeException> failure) {
		try {
			callBlocking();
			throw new IllegalStateException("answered");
		}
		catch (RestClientException ex) {
			throw failure.apply(ex);
		}
	}

	private ResponseEntity<String> own() {
		return ResponseEntity.status(this.bad ? 503 : 200).body("own");
	}

	@GetMapping("/reactive/optional")
	Mono<ResponseEntity<String>> optional() {
		return call().onErrorReturn("fallback").map((answer) -> own());
	}

	@GetMapping("/reactive/required")
	Mono<String> required() {
		return call();
	}

	@GetMapping("/reactive/wrapped")
	Mono<String> wrapped() {
		return call().onErrorMap((ex) -> new IllegalStateException("wrapped", ex));
	}

	@GetMapping("/reactive/status")
	Mono<String> status() {
		return call().onErrorMap((ex) -> new ResponseStatusException(HttpStatus.BAD_GATEWAY, "no stock", ex));
	}

	@GetMapping("/reactive/handled")
	Mono<String> handled() {
		return call().onErrorMap(HandledException::new);
	}

	@GetMapping("/reactive/replaced")
	Mono<String> replaced() {
		return call().onErrorMap((ex) -> new IllegalStateException("of its own"));
	}

	@GetMapping("/reactive/unrelated")
	Mono<String> unrelated() {
		return call().onErrorReturn("fallback").map((answer) -> {
			throw new HandledException(new IllegalStateException("of its own"));
		});
	}

	@GetMapping("/reactive/copied")
	Mono<ResponseEntity<String>> copied() {
		return this.reactive.get().uri("http://stock/").exchangeToMono((answer) -> answer.toEntity(String.class));
	}

	@GetMapping("/blocking/optional")
	ResponseEntity<String> optionalBlocking() {
		try {
			callBlocking();
		}
		catch (RestClientException ex) {
			// The app does without the result of this call.
		}
		return own();
	}

	@GetMapping("/blocking/required")
	String requiredBlocking() {
		return callBlocking();
	}

	@GetMapping("/blocking/wrapped")
	String wrappedBlocking() {
		return callBlocking((ex) -> new IllegalStateException("wrapped", ex));
	}

	@GetMapping("/blocking/status")
	String statusBlocking() {
		return callBlocking((ex) -> new ResponseStatusException(HttpStatus.BAD_GATEWAY, "no stock", ex));
	}

	@GetMapping("/blocking/handled")
	String handledBlocking() {
		return callBlocking(HandledException::new);
	}

	@GetMapping("/blocking/replaced")
	String replacedBlocking() {
		return callBlocking((ex) -> new IllegalStateException("of its own"));
	}

	@GetMapping("/blocking/unrelated")
	String unrelatedBlocking() {
		return callBlocking((ex) -> new HandledException(new IllegalStateException("of its own")));
	}

	@GetMapping("/blocking/copied")
	ResponseEntity<String> copiedBlocking() {
		return this.blocking.get()
			.uri("http://stock/")
			.exchange((request, answer) -> ResponseEntity.status(answer.getStatusCode())
				.headers(answer.getHeaders())
				.body(StreamUtils.copyToString(answer.getBody(), StandardCharsets.UTF_8)));
	}

	@ExceptionHandler(HandledException.class)
	ResponseEntity<String> handle(HandledException ex) {
		return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE).body("handled");
	}

	static final class HandledException extends RuntimeException {

		HandledException(Throwable cause) {
			super(cause);
		}

	}

}
