package io.redmesh.autoconfigure.inbound;

import java.net.http.HttpResponse;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Hooks;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Tests of the metrics of requests that are refused on arrival. */
class RefusalMeasurementTests {

	@AfterEach
	void disableAutomaticContextPropagation() {
		Hooks.disableAutomaticContextPropagation();
	}

	@ParameterizedTest
	@ValueSource(strings = { "servlet", "reactive" })
	void refusedRequestsAreMeasuredLikeServedOnes(String type) throws Exception {
		try (ConfigurableApplicationContext app = InboundApp.start(type)) {
			assertMeasured(app, 200);
			assertMeasured(app, 421, "Mesh-Destination", "invoices");
			assertMeasured(app, 504, "Mesh-Timeout-Ms", "0");
			ConcurrencyLimit limit = app.getBean(Admission.class).limit();
			await().until(() -> limit.inFlight() == 0);
			while (limit.tryEnter(false) > 0) {
				// Takes all the places.
			}
			assertMeasured(app, 503);
		}
	}

	private static void assertMeasured(ConfigurableApplicationContext app, int status, String... headers)
			throws Exception {
		HttpResponse<String> response = InboundServerContract.get(app, "/headers", headers);
		assertThat(response.statusCode()).isEqualTo(status);
		// The request is measured only after its response was sent.
		await().untilAsserted(() -> assertThat(app.getBean(MeterRegistry.class)
			.find("http.server.requests")
			.tag("status", Integer.toString(status))
			.timers()).singleElement().returns(1L, Timer::count));
	}

}
