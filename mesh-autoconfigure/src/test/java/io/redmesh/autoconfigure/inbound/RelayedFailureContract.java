package io.redmesh.autoconfigure.inbound;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.redmesh.autoconfigure.call.HttpTestServer;
import io.redmesh.core.endpoint.EndpointPools;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.registry.Cursor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that a failed response names the service that has failed, with real servers that
 * call real servers.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RelayedFailureContract {

	private final HttpClient client = HttpClient.newHttpClient();

	private final List<ConfigurableApplicationContext> apps = new ArrayList<>();

	private int revision;

	/**
	 * Returns the type of the web application, as
	 * {@code spring.main.web-application-type} names it.
	 */
	abstract String type();

	/** Returns the path above the endpoints that call in the style under test. */
	abstract String style();

	@BeforeAll
	void startApps() {
		for (boolean bad : List.of(true, false, false)) {
			this.apps.add(CallingApp.start(type(), "bad=" + bad));
		}
	}

	@AfterAll
	void stopApps() {
		this.apps.forEach(ConfigurableApplicationContext::close);
	}

	static Stream<List<Object>> ends() {
		return Stream.of("required", "wrapped", "status", "handled", "copied", "optional", "replaced", "unrelated")
			.flatMap((path) -> Stream.of(Stock.values()).map((stock) -> List.of(path, stock)));
	}

	@ParameterizedTest
	@MethodSource("ends")
	void onlyTheFailureThatEndedTheRequestIsPassedOn(List<Object> end) throws Exception {
		String path = (String) end.get(0);
		Stock stock = (Stock) end.get(1);
		ConfigurableApplicationContext bad = this.apps.get(0);
		try (Stocked stocked = stock.start()) {
			known(bad, stocked.instances());
			HttpResponse<String> failed = get(bad, style() + "/" + path);
			assertThat(failed.statusCode()).isGreaterThanOrEqualTo(500);
			List<String> own = List.of("optional", "replaced", "unrelated");
			assertThat(failed.headers().allValues("Mesh-Failed-At"))
				.isEqualTo(own.contains(path) ? List.of() : List.of(stock.failedAt()));
		}
	}

	@ParameterizedTest
	@EnumSource(Stock.class)
	void noCallFailsWhenOneOfThreeAnswersItsOwn503AndAnOptionalServiceIsDead(Stock stock) throws Exception {
		try (Stocked stocked = stock.start()) {
			this.apps.forEach((app) -> known(app, stocked.instances()));
			assertThat(failures("/optional", 60)).isZero();
		}
	}

	@Test
	void instanceThatAloneCannotCallAServiceBehindItIsAvoided() throws Exception {
		try (HttpTestServer good = HttpTestServer.start("a"); Stocked dead = Stock.REFUSING.start()) {
			this.apps.forEach((app) -> known(app, List.of(good.instance("stock"))));
			known(this.apps.get(0), dead.instances());
			// The caller is one of the instances that can.
			assertThat(failures("/required", 60)).isLessThanOrEqualTo(10);
		}
	}

	@Test
	void serviceBehindAllOfThemThatIsDeadEjectsNone() throws Exception {
		try (Stocked dead = Stock.REFUSING.start()) {
			this.apps.forEach((app) -> known(app, dead.instances()));
			assertThat(failures("/required", 60)).isEqualTo(60);
			assertThat(caller().getBean(EndpointPools.class).pool("orders").view().candidates()).hasSize(3);
		}
	}

	private long failures(String path, int calls) {
		CallingApp app = caller().getBean(CallingApp.class);
		return IntStream.range(0, calls).filter((i) -> app.orders(style() + path).isError()).count();
	}

	private ConfigurableApplicationContext caller() {
		return this.apps.get(1);
	}

	/**
	 * Makes an app forget what it has learned, and replaces the instances that it knows
	 * by these and all apps.
	 */
	private void known(ConfigurableApplicationContext app, List<Instance> stock) {
		Catalog catalog = app.getBean(Catalog.class);
		this.revision++;
		List<Instance> orders = this.apps.stream().map((one) -> instance(one, this.revision)).toList();
		catalog.snapshot(new Cursor("lineage", 1, 2 * this.revision), true, Map.of());
		catalog.snapshot(new Cursor("lineage", 1, 2 * this.revision + 1), true,
				Map.of("orders", orders, "stock", stock));
	}

	private static Instance instance(ConfigurableApplicationContext app, int revision) {
		return Instance.of("orders", app.getId() + revision + port(app), "127.0.0.1", port(app));
	}

	private static int port(ConfigurableApplicationContext app) {
		return app.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
	}

	private HttpResponse<String> get(ConfigurableApplicationContext app, String path) throws Exception {
		URI uri = URI.create("http://127.0.0.1:" + port(app) + path);
		return this.client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
	}

	/** The way in which the service behind the apps is dead. */
	enum Stock {

		ABSENT, REFUSING, BUSY, BROKEN, RELAYING;

		Stocked start() {
			HttpTestServer server = switch (this) {
				case ABSENT -> null;
				case REFUSING -> HttpTestServer.start("refusing");
				case BUSY -> HttpTestServer.answering("busy", 503);
				case BROKEN -> HttpTestServer.answering("broken", 500);
				case RELAYING -> HttpTestServer.relaying("relaying", 502, "payments");
			};
			if (server == null) {
				return new Stocked(List.of(), null);
			}
			List<Instance> instances = List.of(server.instance("stock"));
			if (this == REFUSING) {
				server.close();
				return new Stocked(instances, null);
			}
			return new Stocked(instances, server);
		}

		String failedAt() {
			return (this == RELAYING) ? "payments" : "stock";
		}

	}

	private record Stocked(List<Instance> instances, HttpTestServer server) implements AutoCloseable {

		@Override
		public void close() {
			if (this.server != null) {
				this.server.close();
			}
		}

	}

}
