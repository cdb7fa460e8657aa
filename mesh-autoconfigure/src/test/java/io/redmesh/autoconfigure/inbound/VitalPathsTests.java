package io.redmesh.autoconfigure.inbound;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

class VitalPathsTests {

	private final MockEnvironment environment = new MockEnvironment();

	@ParameterizedTest
	@CsvSource({ "/actuator, true", "/actuator/health, true", "/actuators, false", "/, false", "/livez, false",
			"/shop/actuator, false" })
	void actuatorIsVital(String path, boolean vital) {
		assertThat(VitalPaths.of(this.environment).contains(path)).isEqualTo(vital);
	}

	@ParameterizedTest
	@CsvSource({ "/manage, /manage/health, true", "/manage/, /manage, true", "/manage, /actuator, false",
			"/, /anything, false", "'', /anything, false" })
	void basePathIsHeeded(String basePath, String path, boolean vital) {
		this.environment.setProperty("management.endpoints.web.base-path", basePath);
		assertThat(VitalPaths.of(this.environment).contains(path)).isEqualTo(vital);
	}

	@Test
	void probesBesideActuatorAreVital() {
		this.environment.setProperty("management.endpoint.health.probes.add-additional-paths", "true");
		VitalPaths paths = VitalPaths.of(this.environment);
		assertThat(paths.contains("/livez")).isTrue();
		assertThat(paths.contains("/readyz")).isTrue();
	}

}
