package io.redmesh.autoconfigure.call;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateExpiredException;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.TrustManagerFactory;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.redmesh.core.call.Outcome;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/** Tests of certificates that a client does not trust, or that are for another host. */
class CertificatesTests {

	private static final Duration LONG = Duration.ofSeconds(20);

	private static final char[] PASSWORD = "changeit".toCharArray();

	@TempDir
	private static Path directory;

	private static HttpsServer server;

	private static SSLContext trusting;

	@BeforeAll
	static void start() throws Exception {
		Path file = directory.resolve("orders.p12");
		int exit = new ProcessBuilder(
				List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias",
						"orders", "-keyalg", "EC", "-dname", "CN=orders.example", "-ext", "SAN=dns:orders.example",
						"-storetype", "PKCS12", "-keystore", file.toString(), "-storepass", new String(PASSWORD)))
			.redirectErrorStream(true)
			.redirectOutput(directory.resolve("keytool.log").toFile())
			.start()
			.waitFor();
		assertThat(exit).as("keytool").isZero();
		KeyStore keys = KeyStore.getInstance("PKCS12");
		try (InputStream input = Files.newInputStream(file)) {
			keys.load(input, PASSWORD);
		}
		KeyStore trusted = KeyStore.getInstance("PKCS12");
		trusted.load(null, null);
		trusted.setCertificateEntry("orders", keys.getCertificate("orders"));
		KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
		keyManagers.init(keys, PASSWORD);
		TrustManagerFactory trustManagers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		trustManagers.init(trusted);
		SSLContext serving = SSLContext.getInstance("TLS");
		serving.init(keyManagers.getKeyManagers(), null, null);
		trusting = SSLContext.getInstance("TLS");
		trusting.init(null, trustManagers.getTrustManagers(), null);
		server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		server.setHttpsConfigurator(new HttpsConfigurator(serving));
		server.start();
	}

	@AfterAll
	static void stop() {
		server.stop(0);
	}

	private static URI uri() {
		return URI.create("https://127.0.0.1:" + server.getAddress().getPort() + "/");
	}

	@ParameterizedTest
	@EnumSource
	void aCertificateThatIsNotTrustedIsTold(ExceptionClassifierTests.Client client) throws Exception {
		assertThat(client.outcome(uri(), LONG, LONG)).isEqualTo(Outcome.CERTIFICATE_FAILED);
	}

	@Test
	void aCertificateOfAnotherHostIsTold() {
		HttpClient client = HttpClient.newBuilder().sslContext(trusting).build();
		Throwable failure = catchThrowable(
				() -> client.send(HttpRequest.newBuilder(uri()).build(), HttpResponse.BodyHandlers.discarding()));
		assertThat(ExceptionClassifier.outcome(failure)).isEqualTo(Outcome.CERTIFICATE_FAILED);
		assertThat(ExceptionClassifier
			.outcome(new IOException(new SSLPeerUnverifiedException("Certificate doesn't match"))))
			.isEqualTo(Outcome.CERTIFICATE_FAILED);
	}

	@Test
	void aCertificateThatHasExpiredIsTold() {
		SSLHandshakeException failure = new SSLHandshakeException("No");
		failure.initCause(new IllegalStateException(new CertificateExpiredException()));
		assertThat(ExceptionClassifier.outcome(failure)).isEqualTo(Outcome.CERTIFICATE_FAILED);
	}

	@ParameterizedTest
	@ValueSource(strings = { "Received fatal alert: bad_certificate", "(certificate_required) Received fatal alert: x",
			"Received fatal alert: unknown_ca" })
	void aCertificateOfOursThatTheReceiverRefusesIsTold(String message) {
		assertThat(ExceptionClassifier.outcome(new SSLHandshakeException(message)))
			.isEqualTo(Outcome.CERTIFICATE_FAILED);
	}

	@ParameterizedTest
	@ValueSource(strings = { "Remote host terminated the handshake", "Received fatal alert: handshake_failure",
			"Received fatal alert: protocol_version" })
	void otherHandshakesThatFailAreFailedConnections(String message) {
		assertThat(ExceptionClassifier.outcome(new SSLHandshakeException(message))).isEqualTo(Outcome.CONNECT_FAILED);
	}

}
