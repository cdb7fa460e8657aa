package io.redmesh.autoconfigure.registration;

import java.util.Arrays;

import io.redmesh.autoconfigure.MeshProperties;
import org.junit.jupiter.api.Test;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

class PlatformLocalityEnvironmentPostProcessorTests {

	@Test
	void nomadSetsRegionAndDatacenter() {
		assertThat(locality("NOMAD_REGION=global", "NOMAD_DC=dc1")).isEqualTo("global/dc1/");
	}

	@Test
	void flySetsTheRegion() {
		assertThat(locality("FLY_REGION=ams")).isEqualTo("ams//");
	}

	@Test
	void regionOfAwsCountsOnlyWhereAwsRunsTheContainer() {
		assertThat(locality("AWS_REGION=eu-west-1", "ECS_CONTAINER_METADATA_URI_V4=http://x")).isEqualTo("eu-west-1//");
		assertThat(locality("AWS_REGION=eu-west-1")).isEqualTo("//");
	}

	@Test
	void localityOfTheAppWins() {
		assertThat(locality("NOMAD_REGION=global", "NOMAD_DC=dc1", "mesh.instance.locality.region=eu"))
			.isEqualTo("eu//");
		assertThat(locality("FLY_REGION=ams", "mesh.instance.locality.zone=a")).isEqualTo("ams/a/");
	}

	@Test
	void strangeNameIsLeftOut() {
		assertThat(locality("NOMAD_REGION=the moon")).isEqualTo("//");
	}

	private static String locality(String... properties) {
		String[] arguments = Arrays.stream(properties).map((property) -> "--" + property).toArray(String[]::new);
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(App.class)
			.web(WebApplicationType.NONE)
			.properties("spring.config.name=none", "spring.main.banner-mode=off")
			.run(arguments)) {
			MeshProperties.Locality locality = context.getBean(MeshProperties.class).instance().locality();
			return locality.region() + "/" + locality.zone() + "/" + locality.subZone();
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableConfigurationProperties(MeshProperties.class)
	static class App {

	}

}
