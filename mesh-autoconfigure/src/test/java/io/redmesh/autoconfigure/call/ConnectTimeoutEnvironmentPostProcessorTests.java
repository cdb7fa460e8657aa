package io.redmesh.autoconfigure.call;

import java.time.Duration;
import java.util.Arrays;

import org.junit.jupiter.api.Test;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

class ConnectTimeoutEnvironmentPostProcessorTests {

	@Test
	void clientsDoNotWaitForAMachineThatIsNoMore() {
		assertThat(connectTimeout()).isEqualTo(Duration.ofSeconds(2));
	}

	@Test
	void whatTheAppSaysCounts() {
		assertThat(connectTimeout("spring.http.clients.connect-timeout=7s")).isEqualTo(Duration.ofSeconds(7));
	}

	@Test
	void anAppOutsideTheMeshStaysAsItIs() {
		assertThat(connectTimeout("mesh.enabled=false")).isNull();
		assertThat(connectTimeout("mesh.call.enabled=false")).isNull();
	}

	private Duration connectTimeout(String... properties) {
		String[] arguments = Arrays.stream(properties).map((property) -> "--" + property).toArray(String[]::new);
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(App.class)
			.web(WebApplicationType.NONE)
			.properties("spring.config.name=none", "spring.main.banner-mode=off")
			.run(arguments)) {
			return context.getBean(HttpClientSettings.class).connectTimeout();
		}
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(HttpClientAutoConfiguration.class)
	static class App {

	}

}
