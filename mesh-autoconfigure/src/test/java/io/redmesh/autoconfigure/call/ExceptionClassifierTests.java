package io.redmesh.autoconfigure.call;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.function.BiFunction;
import javax.net.ssl.SSLHandshakeException;

import io.netty.channel.ChannelOption;
import io.redmesh.core.call.Outcome;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.util.Timeout;
import org.assertj.core.api.ThrowingConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.netty.channel.AbortedException;

import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.client.ReactorClientHttpRequestFactory;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.client.reactive.JdkClientHttpConnector;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

class ExceptionClassifierTests {

	// Longer than any busy machine needs.
	private static final Duration LONG = Duration.ofSeconds(20);

	private static final Duration SHORT = Duration.ofMillis(200);

	@ParameterizedTest
	@EnumSource
	void closedPortIsAFailedConnection(Client client) throws Exception {
		assertThat(client.outcome(uri(Ports.closed()), LONG, LONG)).isEqualTo(Outcome.CONNECT_FAILED);
	}

	@ParameterizedTest
	@EnumSource
	void connectingForTooLongIsAFailedConnection(Client client) throws Exception {
		try (Ports.Full full = Ports.full()) {
			assertThat(client.outcome(uri(full.port()), SHORT, LONG)).isEqualTo(Outcome.CONNECT_FAILED);
		}
	}

	@ParameterizedTest
	@EnumSource
	void resetIsABrokenConnection(Client client) throws Exception {
		try (FaultyServer server = FaultyServer.resetting()) {
			assertThat(client.outcome(uri(server.port()), LONG, LONG)).isEqualTo(Outcome.BROKEN);
		}
	}

	// HttpURLConnection takes a header that is cut off for a complete one.
	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SIMPLE")
	void endWithinTheHeaderIsABrokenConnection(Client client) throws Exception {
		try (FaultyServer server = FaultyServer.endingInTheHeader()) {
			assertThat(client.outcome(uri(server.port()), LONG, LONG)).isEqualTo(Outcome.BROKEN);
		}
	}

	@ParameterizedTest
	@EnumSource
	void silenceIsATimeout(Client client) throws Exception {
		try (FaultyServer server = FaultyServer.silent()) {
			assertThat(client.outcome(uri(server.port()), LONG, SHORT)).isEqualTo(Outcome.TIMED_OUT);
		}
	}

	@ParameterizedTest
	@EnumSource
	void unknownNameIsAFailedConnection(Client client) {
		assertThat(client.outcome(URI.create("http://name.invalid/"), LONG, LONG)).isEqualTo(Outcome.CONNECT_FAILED);
	}

	@Test
	void failedHandshakeIsAFailedConnection() {
		assertThat(ExceptionClassifier.outcome(new IOException(new SSLHandshakeException("no"))))
			.isEqualTo(Outcome.CONNECT_FAILED);
	}

	@Test
	void interruptionAndCancellationSayNothingAboutTheEndpoint() {
		assertThat(ExceptionClassifier.outcome(new IOException(new InterruptedException())))
			.isEqualTo(Outcome.ABANDONED);
		assertThat(ExceptionClassifier.outcome(new IOException(new CancellationException())))
			.isEqualTo(Outcome.ABANDONED);
	}

	@Test
	void requestThatCouldNotBeginToBeSentIsABrokenConnection() {
		assertThat(ExceptionClassifier.outcome(new IllegalStateException(AbortedException.beforeSend())))
			.isEqualTo(Outcome.BROKEN);
	}

	@Test
	void callersOwnMistakeSaysNothingAboutTheEndpoint() {
		assertThat(ExceptionClassifier.outcome(new IllegalStateException("mistake"))).isEqualTo(Outcome.ABANDONED);
	}

	@Test
	void causesThatGoInACircleComeToAnEnd() {
		Exception one = new Exception("one");
		one.initCause(new Exception("two", one));
		assertThat(ExceptionClassifier.outcome(one)).isEqualTo(Outcome.ABANDONED);
	}

	private static URI uri(int port) {
		return URI.create("http://127.0.0.1:" + port + "/");
	}

	enum Client {

		JDK(blocking(Client::jdk)),

		SIMPLE(blocking(Client::simple)),

		APACHE(blocking(Client::apache)),

		REACTOR(blocking((connect, read) -> new ReactorClientHttpRequestFactory(netty(connect, read)))),

		REACTIVE_NETTY(reactive((connect, read) -> new ReactorClientHttpConnector(netty(connect, read)))),

		REACTIVE_JDK(reactive((connect, read) -> {
			JdkClientHttpConnector connector = new JdkClientHttpConnector(
					HttpClient.newBuilder().connectTimeout(connect).build());
			connector.setReadTimeout(read);
			return connector;
		}));

		private final BiFunction<Duration, Duration, ThrowingConsumer<URI>> sender;

		Client(BiFunction<Duration, Duration, ThrowingConsumer<URI>> sender) {
			this.sender = sender;
		}

		Outcome outcome(URI uri, Duration connectTimeout, Duration readTimeout) {
			ThrowingConsumer<URI> client = this.sender.apply(connectTimeout, readTimeout);
			Throwable thrown = catchThrowable(() -> client.acceptThrows(uri));
			assertThat(thrown).isNotNull();
			return ExceptionClassifier.outcome(thrown);
		}

		private static BiFunction<Duration, Duration, ThrowingConsumer<URI>> blocking(
				BiFunction<Duration, Duration, ClientHttpRequestFactory> factory) {
			return (connect, read) -> (uri) -> {
				try (ClientHttpResponse response = factory.apply(connect, read)
					.createRequest(uri, HttpMethod.GET)
					.execute()) {
					response.getStatusCode();
				}
			};
		}

		private static BiFunction<Duration, Duration, ThrowingConsumer<URI>> reactive(
				BiFunction<Duration, Duration, ClientHttpConnector> connector) {
			return (connect,
					read) -> (uri) -> WebClient.builder()
						.clientConnector(connector.apply(connect, read))
						.build()
						.get()
						.uri(uri)
						.retrieve()
						.toBodilessEntity()
						.block();
		}

		private static ClientHttpRequestFactory jdk(Duration connect, Duration read) {
			JdkClientHttpRequestFactory factory = new JdkClientHttpRequestFactory(
					HttpClient.newBuilder().connectTimeout(connect).build());
			factory.setReadTimeout(read);
			return factory;
		}

		private static ClientHttpRequestFactory simple(Duration connect, Duration read) {
			SimpleClientHttpRequestFactory factory = new SimpleClientHttpRequestFactory();
			factory.setConnectTimeout(connect);
			factory.setReadTimeout(read);
			return factory;
		}

		private static ClientHttpRequestFactory apache(Duration connect, Duration read) {
			ConnectionConfig connection = ConnectionConfig.custom()
				.setConnectTimeout(Timeout.of(connect))
				.setSocketTimeout(Timeout.of(read))
				.build();
			return new HttpComponentsClientHttpRequestFactory(HttpClients.custom()
				.disableAutomaticRetries()
				.setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
					.setDefaultConnectionConfig(connection)
					.build())
				.build());
		}

		private static reactor.netty.http.client.HttpClient netty(Duration connect, Duration read) {
			return reactor.netty.http.client.HttpClient.create()
				.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) connect.toMillis())
				.responseTimeout(read);
		}

	}

}
