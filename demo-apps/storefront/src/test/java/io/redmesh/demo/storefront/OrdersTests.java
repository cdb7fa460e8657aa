package io.redmesh.demo.storefront;

import org.junit.jupiter.api.Test;

import org.springframework.http.MediaType;
import org.springframework.test.web.client.MockRestServiceServer;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.client.match.MockRestRequestMatchers.requestTo;
import static org.springframework.test.web.client.response.MockRestResponseCreators.withSuccess;

class OrdersTests {

	@Test
	void requestsOrderByTheNameOfTheService() {
		RestClient.Builder builder = RestClient.builder();
		MockRestServiceServer server = MockRestServiceServer.bindTo(builder).build();
		server.expect(requestTo("http://orders/orders/1"))
			.andRespond(withSuccess("{\"id\":\"1\",\"quantity\":2}", MediaType.APPLICATION_JSON));
		assertThat(new Orders(builder).order("1").id()).isEqualTo("1");
		server.verify();
	}

}
