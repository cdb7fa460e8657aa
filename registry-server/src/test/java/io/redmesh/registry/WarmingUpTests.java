package io.redmesh.registry;

import java.time.Duration;

import io.redmesh.core.time.ManualTime;
import io.redmesh.registry.TestServer.Answer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class WarmingUpTests {

	private static final String SERVICES = "/v1/namespaces/default/services";

	@Test
	void aYoungRegistryNeverAnswersWithAnEmptyList() {
		ManualTime time = new ManualTime();
		try (TestServer server = TestServer.with().time(time).start()) {
			assertThat(server.get(SERVICES)).satisfies(WarmingUpTests::warmingUp);
			assertThat(server.get(SERVICES + "/orders")).satisfies(WarmingUpTests::warmingUp);
			assertThat(server.get("/v1/sd/prometheus")).satisfies(WarmingUpTests::warmingUp);
			String token = server.register("orders", "a");
			Answer young = server.get(SERVICES + "/orders");
			assertThat(young.status()).isEqualTo(200);
			assertThat(young.json().path("complete").booleanValue()).isFalse();
			assertThat(server.get(SERVICES + "/orders?zone=none")).satisfies(WarmingUpTests::warmingUp);
			for (int i = 0; i < 5; i++) {
				time.forward(Duration.ofSeconds(4));
				server.post(SERVICES + "/orders/instances/a/heartbeat", null, "Mesh-Lease", token);
			}
			Answer old = server.get(SERVICES + "/orders", "If-None-Match", young.header("ETag"));
			assertThat(old.status()).as("an incomplete and a complete list differ in their ETag").isEqualTo(200);
			assertThat(old.json().path("complete").booleanValue()).isTrue();
			assertThat(server.get(SERVICES + "/orders?zone=none").json().path("instances").size()).isZero();
			assertThat(server.get(SERVICES + "/absent").problem()).isEqualTo("unknown-service");
		}
	}

	private static void warmingUp(Answer answer) {
		assertThat(answer.status()).isEqualTo(503);
		assertThat(answer.problem()).isEqualTo("warming-up");
		assertThat(answer.header("Retry-After")).isEqualTo("1");
	}

}
