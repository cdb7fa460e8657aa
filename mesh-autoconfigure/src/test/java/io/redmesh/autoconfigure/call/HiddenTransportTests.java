package io.redmesh.autoconfigure.call;

import org.junit.jupiter.api.Test;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.client.reactive.JdkClientHttpConnector;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests that fail when Spring's builders keep their transport in another field. */
class HiddenTransportTests {

	@Test
	void transportOfARestClientIsFound() {
		RestClient.Builder builder = RestClient.builder();
		assertThat(HiddenTransport.of(builder, "requestFactory", ClientHttpRequestFactory.class)).isNull();
		ClientHttpRequestFactory own = new JdkClientHttpRequestFactory();
		builder.requestFactory(own);
		assertThat(HiddenTransport.of(builder, "requestFactory", ClientHttpRequestFactory.class)).isSameAs(own);
		assertThat(hints().reflection().typeHints()).isNotEmpty();
		assertThat(RuntimeHintsPredicates.reflection().onFieldAccess(builder.getClass(), "requestFactory"))
			.accepts(hints());
	}

	@Test
	void transportOfAWebClientIsFound() {
		WebClient.Builder builder = WebClient.builder();
		assertThat(HiddenTransport.of(builder, "connector", ClientHttpConnector.class)).isNull();
		ClientHttpConnector own = new JdkClientHttpConnector();
		builder.clientConnector(own);
		assertThat(HiddenTransport.of(builder, "connector", ClientHttpConnector.class)).isSameAs(own);
		assertThat(RuntimeHintsPredicates.reflection().onFieldAccess(builder.getClass(), "connector")).accepts(hints());
	}

	private static RuntimeHints hints() {
		RuntimeHints hints = new RuntimeHints();
		new HiddenTransport.Hints().registerHints(hints, HiddenTransportTests.class.getClassLoader());
		return hints;
	}

}
