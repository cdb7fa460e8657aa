package io.redmesh.benchmarks.tail;

import java.util.List;
import java.util.concurrent.CompletionStage;

import io.redmesh.core.instance.Instance;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;

/**
 * An instance that is a Spring app on Tomcat. It responds by itself or calls another app.
 */
final class ServingApp implements AutoCloseable {

	private final String service;

	private final ConfigurableApplicationContext context;

	private final Seconds seconds;

	private ServingApp(String service, ConfigurableApplicationContext context, Seconds seconds) {
		this.service = service;
		this.context = context;
		this.seconds = seconds;
	}

	static ServingApp start(String service, Contender contender, Behaviour behaviour) {
		return start(service, contender, Answering.class, List.of(), behaviour);
	}

	static ServingApp forwarding(String service, Contender contender, List<Instance> next) {
		return start(service, contender, Forwarding.class, next, new Next("http://" + next.get(0).service() + "/work"));
	}

	private static ServingApp start(String service, Contender contender, Class<?> app, List<Instance> next,
			Record setting) {
		Seconds seconds = new Seconds();
		ApplicationContextInitializer<ConfigurableApplicationContext> beans = (context) -> {
			GenericApplicationContext generic = (GenericApplicationContext) context;
			generic.registerBean(Seconds.class, () -> seconds);
			register(generic, setting);
		};
		ConfigurableApplicationContext context = new SpringApplicationBuilder(app).web(WebApplicationType.SERVLET)
			.initializers(beans)
			.properties(contender.properties(next, "spring.application.name=" + service, "server.port=0",
					"server.address=127.0.0.1", "spring.http.clients.imperative.factory=JDK"))
			.run();
		contender.fillCatalog(context, next);
		return new ServingApp(service, context, seconds);
	}

	private static <T extends Record> void register(GenericApplicationContext context, T setting) {
		@SuppressWarnings("unchecked")
		Class<T> type = (Class<T>) setting.getClass();
		context.registerBean(type, () -> setting);
	}

	Instance instance() {
		int port = ((WebServerApplicationContext) this.context).getWebServer().getPort();
		return Instance.of(this.service, "127.0.0.1:" + port, "127.0.0.1", port);
	}

	Seconds seconds() {
		return this.seconds;
	}

	@Override
	public void close() {
		this.context.close();
	}

	/**
	 * The address of the next app.
	 *
	 * @param uri the URI with the name of the service as host
	 */
	record Next(String uri) {

	}

	/** An app that responds by itself; it waits without a thread. */
	@Configuration(proxyBeanMethods = false)
	@Import({ CallingApp.class, Answers.class })
	static class Answering {

	}

	/** An app that calls the next app. */
	@Configuration(proxyBeanMethods = false)
	@Import({ CallingApp.class, Forwards.class })
	static class Forwarding {

	}

	@RestController
	static class Answers {

		private final Seconds seconds;

		private final Behaviour behaviour;

		Answers(Seconds seconds, Behaviour behaviour) {
			this.seconds = seconds;
			this.behaviour = behaviour;
		}

		@GetMapping("/work")
		CompletionStage<ResponseEntity<String>> work(
				@RequestHeader(name = Seconds.HEADER, required = false) @Nullable String second) {
			this.seconds.count(second);
			return this.behaviour.answer().map((status) -> ResponseEntity.status(status).body("done")).toFuture();
		}

	}

	@RestController
	static class Forwards {

		private final Seconds seconds;

		private final Next next;

		private final RestClient client;

		Forwards(Seconds seconds, Next next, ObjectProvider<RestClient.Builder> builders) {
			this.seconds = seconds;
			this.next = next;
			this.client = builders.getObject().build();
		}

		@GetMapping("/work")
		ResponseEntity<String> work(@RequestHeader(Seconds.HEADER) String second) {
			this.seconds.count(second);
			ResponseEntity<String> answer = this.client.get()
				.uri(this.next.uri())
				.header(Seconds.HEADER, second)
				.retrieve()
				.onStatus(HttpStatusCode::isError, (request, response) -> {
				})
				.toEntity(String.class);
			return ResponseEntity.status(answer.getStatusCode()).body("done");
		}

	}

}
