package io.redmesh.autoconfigure.inbound;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import jakarta.servlet.http.HttpServletResponse;

import io.redmesh.autoconfigure.call.ServedRequest;
import io.redmesh.core.call.DeadlinePassedException;
import io.redmesh.core.time.ManualTime;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** An app whose endpoints end a request in every possible way, on each of the stacks. */
@RestController
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class InboundApp {

	private final ManualTime time = new ManualTime();

	private final AtomicInteger calls = new AtomicInteger();

	private final AtomicInteger held = new AtomicInteger();

	private volatile CompletableFuture<String> gate = new CompletableFuture<>();

	private volatile CompletableFuture<String> job = new CompletableFuture<>();

	static ConfigurableApplicationContext start(String type, String... properties) {
		return new SpringApplicationBuilder(InboundApp.class)
			.properties("spring.main.web-application-type=" + type, "spring.application.name=orders", "server.port=0",
					"server.address=127.0.0.1", "server.shutdown=immediate", "mesh.registration.enabled=false",
					"mesh.discovery.enabled=false", "mesh.inbound.limit.enabled=true", "mesh.inbound.limit.min=2",
					"mesh.inbound.limit.initial=2", "mesh.inbound.limit.burst=0s", "mesh.inbound.limit.max=2",
					"spring.reactor.context-propagation=auto", "server.forward-headers-strategy=framework",
					"mesh.inbound.trust-priority=true", "management.endpoints.web.exposure.include=info,health",
					// The registry's own settings are on the test's class path.
					"spring.config.name=none", "spring.main.banner-mode=off",
					// Reactor Netty 1.3.7 may lose the next request on a connection after
					// another thread has sent a response.
					"server.netty.max-keep-alive-requests=1")
			.properties(properties)
			.run();
	}

	@Bean
	ManualTime time() {
		return this.time;
	}

	int calls() {
		return this.calls.get();
	}

	int held() {
		return this.held.get();
	}

	void release() {
		CompletableFuture<String> open = this.gate;
		this.gate = new CompletableFuture<>();
		open.complete("released");
	}

	@GetMapping("/headers")
	String headers(@RequestHeader HttpHeaders headers) {
		this.calls.incrementAndGet();
		return headers.headerNames()
			.stream()
			.map((name) -> name.toLowerCase(Locale.ROOT))
			.filter((name) -> name.startsWith("mesh-"))
			.sorted()
			.toList()
			.toString();
	}

	@GetMapping("/copied")
	ResponseEntity<String> copied() {
		return ResponseEntity.ok()
			.header("Mesh-Load", "inflight=99")
			.header("Mesh-Refused", "stock")
			.body("of another");
	}

	@GetMapping("/nothing")
	void nothing() {
	}

	@GetMapping("/served")
	Mono<String> served() {
		this.calls.incrementAndGet();
		return withServed(this::describe);
	}

	@GetMapping("/source")
	Mono<String> source() {
		return withServed(ServedRequest::source);
	}

	@GetMapping("/elsewhere")
	Mono<String> elsewhere() {
		return Mono.fromCallable(() -> describe(ServedRequest.current())).subscribeOn(Schedulers.boundedElastic());
	}

	private String describe(ServedRequest served) {
		return "attempt " + served.attempt() + (served.deadline().limited()
				? ", " + Duration.ofNanos(served.deadline().nanos() - this.time.nanos()).toMillis() + " ms left" : "");
	}

	@GetMapping("/failing")
	Mono<ResponseEntity<String>> failing(@RequestParam int status,
			@RequestHeader(name = "X-Failed-At", required = false) String failedAt) {
		return withServed((served) -> {
			fail(served, failedAt);
			return ResponseEntity.status(status).body("answered");
		});
	}

	@GetMapping("/throwing")
	Mono<String> throwing(@RequestHeader(name = "X-Failed-At", required = false) String failedAt) {
		return withServed((served) -> {
			throw new IllegalStateException("thrown", fail(served, failedAt));
		});
	}

	@GetMapping("/too-late")
	Mono<String> tooLate() {
		return Mono.error(new IllegalStateException("a call failed", new DeadlinePassedException("too late")));
	}

	@GetMapping("/throwing-at-once")
	String throwingAtOnce() {
		throw new IllegalStateException("thrown", fail(ServedRequest.current(), "stock"));
	}

	@GetMapping("/recovering")
	Mono<String> recovering(@RequestHeader(name = "X-Failed-At", required = false) String failedAt) {
		return withServed((served) -> {
			throw new UnsupportedOperationException("handled", fail(served, failedAt));
		});
	}

	@ExceptionHandler(UnsupportedOperationException.class)
	ResponseEntity<String> recover() {
		ServedRequest served = ServedRequest.current();
		return ResponseEntity.status(HttpStatus.CONFLICT)
			.body("recovered " + ((served != null) ? served.attempt() : ""));
	}

	@GetMapping("/changing")
	void changing(HttpServletResponse response) {
		ServedRequest served = ServedRequest.current();
		served.failedWith(fail(served, "stock"));
		response.setStatus(503);
		response.setStatus(202);
	}

	@GetMapping("/hold")
	Mono<String> hold() {
		return Mono.fromFuture(this.gate, true).doOnSubscribe((subscription) -> this.held.incrementAndGet());
	}

	@GetMapping("/blocking")
	String blocking() throws ExecutionException, InterruptedException {
		CompletableFuture<String> open = this.gate;
		this.held.incrementAndGet();
		return open.get();
	}

	@GetMapping(path = "/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	Flux<String> events() {
		return Flux.concat(Mono.just("first"), Mono.fromFuture(this.gate, true));
	}

	/** Sends a first part and later the rest, but is no event stream. */
	@GetMapping(path = "/parts", produces = MediaType.TEXT_PLAIN_VALUE)
	Flux<String> parts() {
		return Flux.concat(Mono.just("first"), Mono.fromFuture(this.gate, true));
	}

	/**
	 * Describes the served request when the response begins, and again when it goes on.
	 */
	@GetMapping(path = "/stream", produces = MediaType.TEXT_PLAIN_VALUE)
	Flux<String> stream() {
		Mono<String> described = withServed((served) -> "(" + describe(served) + ")");
		return Flux.concat(described, Mono.fromFuture(this.gate, true).then(described));
	}

	/** Responds, and leaves work behind that describes the served request later. */
	@GetMapping("/job")
	Mono<String> job() {
		return withServed((served) -> {
			this.job = this.gate.thenApply((released) -> describe(served));
			return describe(served);
		});
	}

	CompletableFuture<String> startedJob() {
		return this.job;
	}

	/** Times out without a response. */
	@GetMapping("/late")
	Mono<String> late() {
		return Mono.<String>never().timeout(Duration.ofMillis(5));
	}

	/** Responds with a long body. */
	@GetMapping(path = "/slow", produces = MediaType.APPLICATION_OCTET_STREAM_VALUE)
	Mono<byte[]> slow() {
		return Mono.fromFuture(this.gate, true).map((word) -> new byte[1 << 20]);
	}

	/** Sends two events and then fails. */
	@GetMapping(path = "/broken", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	Flux<String> broken() {
		return Flux.concat(Flux.fromIterable(List.of("one", "two")), Mono.error(new IllegalStateException("broken")));
	}

	/** Sends two parts and then fails, but is no event stream. */
	@GetMapping(path = "/broken-parts", produces = MediaType.TEXT_PLAIN_VALUE)
	Flux<String> brokenParts() {
		return broken();
	}

	private static <T> Mono<T> withServed(Function<ServedRequest, T> work) {
		return Mono.deferContextual((context) -> {
			ServedRequest current = ServedRequest.current();
			ServedRequest served = (current != null) ? current : context.get(ServedRequest.KEY);
			return Mono.fromCallable(() -> work.apply(served));
		});
	}

	private static IOException fail(ServedRequest served, String failedAt) {
		IOException failure = new IOException("a call failed");
		if (failedAt != null) {
			served.callFailed(failedAt, failure);
		}
		return failure;
	}

}
