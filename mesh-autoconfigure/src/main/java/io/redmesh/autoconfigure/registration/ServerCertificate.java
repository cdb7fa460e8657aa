package io.redmesh.autoconfigure.registration;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

import org.jspecify.annotations.Nullable;

/**
 * The certificate that this app's own server presents to callers. A handshake reads it,
 * wherever the server has it from: a key store, PEM files, a bundle, a customizer.
 * Reading it blocks.
 */
final class ServerCertificate {

	private static final int LIMIT = (int) Duration.ofSeconds(1).toMillis();

	private ServerCertificate() {
	}

	/**
	 * Reads the certificate.
	 * @param address the address at which the server listens
	 * @param port its port
	 * @return the certificate, or null if the server presents none within a second
	 */
	static @Nullable X509Certificate read(InetAddress address, int port) {
		Recorder recorder = new Recorder();
		try (Socket plain = new Socket()) {
			SSLContext context = SSLContext.getInstance("TLS");
			context.init(null, new TrustManager[] { recorder }, null);
			plain.connect(new InetSocketAddress(address, port), LIMIT);
			plain.setSoTimeout(LIMIT);
			try (SSLSocket secure = (SSLSocket) context.getSocketFactory()
				.createSocket(plain, address.getHostAddress(), port, true)) {
				secure.startHandshake();
			}
		}
		catch (IOException | GeneralSecurityException ex) {
			// A server that requires a client certificate has presented its own by then.
		}
		return recorder.shown.get();
	}

	/**
	 * A trust manager that records the certificate. Nothing is sent over the connection.
	 */
	private static final class Recorder extends X509ExtendedTrustManager {

		private final AtomicReference<@Nullable X509Certificate> shown = new AtomicReference<>();

		private static CertificateException noClients() {
			return new CertificateException("Only a server's certificate is read");
		}

		private void record(X509Certificate[] chain) {
			this.shown.set(chain[0]);
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String type) {
			record(chain);
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
			record(chain);
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
			record(chain);
		}

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
			throw noClients();
		}

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
				throws CertificateException {
			throw noClients();
		}

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
				throws CertificateException {
			throw noClients();
		}

		@Override
		public X509Certificate[] getAcceptedIssuers() {
			return new X509Certificate[0];
		}

	}

}
