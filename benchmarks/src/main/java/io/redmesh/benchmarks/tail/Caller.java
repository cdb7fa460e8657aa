package io.redmesh.benchmarks.tail;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntConsumer;

import io.redmesh.core.instance.Instance;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseEntity;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.WebClient;

/** An app that calls a service, with a given number of threads. */
final class Caller implements AutoCloseable {

	/** The status of a call without a response. */
	static final int NO_ANSWER = 0;

	private final ConfigurableApplicationContext context;

	private final Client client;

	private final String uri;

	private final int threads;

	private final RestClient restClient;

	private final WebClient webClient;

	private final ExecutorService pool;

	private final AtomicInteger busy = new AtomicInteger();

	private final Map<String, LongAdder> failures = new ConcurrentHashMap<>();

	private volatile Duration timeout = Duration.ofHours(1);

	private Caller(ConfigurableApplicationContext context, Client client, String uri, int threads) {
		this.context = context;
		this.client = client;
		this.uri = uri;
		this.threads = threads;
		this.restClient = context.getBean("balanced", RestClient.Builder.class).build();
		this.webClient = context.getBean("balancedWebClient", WebClient.Builder.class).build();
		this.pool = Executors.newFixedThreadPool(threads);
	}

	static Caller start(Contender contender, Client client, List<Instance> instances, Options options,
			String... properties) {
		ConfigurableApplicationContext context = new SpringApplicationBuilder(CallingApp.class)
			.web(WebApplicationType.NONE)
			.properties(contender.properties(instances, properties))
			.properties("spring.application.name=storefront",
					"spring.http.clients.imperative.factory=" + client.factory())
			.run();
		contender.fillCatalog(context, instances);
		return new Caller(context, client, "http://" + instances.get(0).service() + "/work", options.threads());
	}

	/** Sets the time after which calls are cancelled. It holds for WebClient only. */
	void setTimeout(Duration timeout) {
		this.timeout = timeout;
	}

	/**
	 * Makes a call.
	 * @param second the second in which it was due, negative if it does not count
	 * @param end takes the status
	 * @return whether the call must wait for a thread
	 */
	boolean call(int second, IntConsumer end) {
		if (this.client == Client.WEB_CLIENT) {
			this.webClient.get()
				.uri(this.uri)
				.header(Seconds.HEADER, Integer.toString(second))
				.exchangeToMono(
						(response) -> response.bodyToMono(String.class).thenReturn(response.statusCode().value()))
				.timeout(this.timeout)
				.subscribe(end::accept, (ex) -> end.accept(countFailure(ex)));
			return false;
		}
		boolean queued = this.busy.incrementAndGet() > this.threads;
		this.pool.execute(() -> {
			int status = get(second);
			this.busy.decrementAndGet();
			end.accept(status);
		});
		return queued;
	}

	private int get(int second) {
		try {
			ResponseEntity<String> answer = this.restClient.get()
				.uri(this.uri)
				.header(Seconds.HEADER, Integer.toString(second))
				.retrieve()
				.onStatus(HttpStatusCode::isError, (request, response) -> {
				})
				.toEntity(String.class);
			return answer.getStatusCode().value();
		}
		catch (Exception ex) {
			return countFailure(ex);
		}
	}

	private int countFailure(Throwable ex) {
		Throwable cause = ex;
		while (cause.getCause() != null) {
			cause = cause.getCause();
		}
		this.failures.computeIfAbsent(cause.getClass().getSimpleName(), (name) -> new LongAdder()).increment();
		return NO_ANSWER;
	}

	/** Returns the exceptions with their counts, including those of the warm-up. */
	String failures() {
		return this.failures.entrySet()
			.stream()
			.map((entry) -> String.format(Locale.ROOT, "%s ×%d", entry.getKey(), entry.getValue().sum()))
			.sorted()
			.reduce((left, right) -> left + ", " + right)
			.orElse("");
	}

	@Override
	public void close() {
		// Ends the calls first: retries after the app has closed would only be noise.
		this.pool.shutdownNow();
		try {
			this.pool.awaitTermination(5, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.context.close();
	}

}
