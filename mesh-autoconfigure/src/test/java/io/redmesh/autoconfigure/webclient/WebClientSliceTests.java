package io.redmesh.autoconfigure.webclient;

import io.redmesh.autoconfigure.call.MeshClient;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.webclient.WebClientCustomizer;
import org.springframework.boot.webclient.test.autoconfigure.WebClientTest;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

@WebClientTest
@Import(WebClientSliceTests.Orders.class)
class WebClientSliceTests {

	@Test
	void exchangeFunctionOfTheTestGetsTheRequestAsTheAppWroteIt(ApplicationContext context) {
		assertThat(context.getBean(Orders.class).order("7")).isEqualTo("asked for http://orders/orders/7");
	}

	static final class Orders {

		private final WebClient client;

		Orders(@MeshClient WebClient.Builder builder) {
			this.client = builder.baseUrl("http://orders").build();
		}

		String order(String id) {
			return this.client.get().uri("/orders/{id}", id).retrieve().bodyToMono(String.class).block();
		}

	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class App {

		@Bean
		WebClientCustomizer mock() {
			return (builder) -> builder.exchangeFunction((request) -> Mono
				.just(ClientResponse.create(HttpStatus.OK).body("asked for " + request.url()).build()));
		}

	}

}
