package io.redmesh.autoconfigure.restclient;

import io.redmesh.autoconfigure.call.MeshClient;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.restclient.test.autoconfigure.RestClientTest;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.test.web.client.MockRestServiceServer;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.client.match.MockRestRequestMatchers.requestTo;
import static org.springframework.test.web.client.response.MockRestResponseCreators.withSuccess;

@RestClientTest
@Import(RestClientSliceTests.Orders.class)
class RestClientSliceTests {

	@Test
	void mockGetsTheRequestAsTheAppWroteIt(ApplicationContext context) {
		MockRestServiceServer server = context.getBean(MockRestServiceServer.class);
		server.expect(requestTo("http://orders/orders/7")).andRespond(withSuccess("seven", MediaType.TEXT_PLAIN));
		assertThat(context.getBean(Orders.class).order("7")).isEqualTo("seven");
		server.verify();
	}

	static final class Orders {

		private final RestClient client;

		Orders(@MeshClient RestClient.Builder builder) {
			this.client = builder.baseUrl("http://orders").build();
		}

		String order(String id) {
			return this.client.get().uri("/orders/{id}", id).retrieve().body(String.class);
		}

	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class App {

	}

}
