package io.redmesh.registry.store.redis;

import java.util.Map;

import io.lettuce.core.api.sync.RedisCommands;
import io.redmesh.registry.TestServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@ExtendWith(OutputCaptureExtension.class)
class RedisCheckTests {

	@ParameterizedTest
	@CsvSource({ "5.0.14, true", "6.0.9, true", "6.2.0, false", "7.0.15, false", "8.0.1, false", "unknown, false" })
	void versionsThatAreTooOldAreTold(String version, boolean told) {
		String problem = RedisCheck
			.versionProblem("# Server\r\nredis_version:" + version + "\r\nredis_mode:standalone");
		assertThat(problem != null).isEqualTo(told);
	}

	@Test
	void policiesThatDropLeasesAreTold() {
		assertThat(RedisCheck.policyProblem(Map.of("maxmemory-policy", "allkeys-lru"))).contains("noeviction");
		assertThat(RedisCheck.policyProblem(Map.of("maxmemory-policy", "noeviction"))).isNull();
		assertThat(RedisCheck.policyProblem(Map.of())).isNull();
	}

	@Test
	void serverLooksWhenItStarts(CapturedOutput output) {
		try (TestRedis redis = TestRedis.started()) {
			RedisCommands<String, String> commands = redis.commands();
			commands.configSet("maxmemory-policy", "allkeys-lru");
			try (TestServer server = TestServer.start("spring.data.redis.port=" + redis.port())) {
				await().untilAsserted(() -> assertThat(output).contains("maxmemory-policy allkeys-lru"));
				assertThat(server.get("/actuator/metrics/mesh.server.redis").status()).isEqualTo(200);
			}
		}
	}

}
