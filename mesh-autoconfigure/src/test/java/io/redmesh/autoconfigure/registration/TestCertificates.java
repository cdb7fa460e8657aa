package io.redmesh.autoconfigure.registration;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;

/** Self-signed certificates in key stores, and trust stores for them. */
final class TestCertificates {

	static final String PASSWORD = "changeit";

	private TestCertificates() {
	}

	/**
	 * Creates a self-signed certificate.
	 * @param directory the directory for the key store
	 * @param name the common name
	 * @param alternatives the subject alternative names as keytool writes them, or empty
	 * @return the key store, in PKCS12
	 */
	static Path create(Path directory, String name, String alternatives) {
		Path store = directory.resolve(Integer.toHexString((name + alternatives).hashCode()) + ".p12");
		if (store.toFile().exists()) {
			return store;
		}
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias",
						"server", "-keyalg", "EC", "-validity", "2", "-dname", "CN=" + name, "-keystore",
						store.toString(), "-storetype", "PKCS12", "-storepass", PASSWORD));
		if (!alternatives.isEmpty()) {
			command.addAll(List.of("-ext", "san=" + alternatives));
		}
		try {
			int status = new ProcessBuilder(command).inheritIO().start().waitFor();
			if (status != 0) {
				throw new IllegalStateException("keytool ended with " + status);
			}
			return store;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Creates a trust store.
	 * @param store the key store of the certificate to trust
	 * @return the trust store, in PKCS12
	 */
	static Path trust(Path store) {
		Path trusting = store.resolveSibling("trust-" + store.getFileName());
		try (InputStream input = Files.newInputStream(store); OutputStream output = Files.newOutputStream(trusting)) {
			KeyStore keys = KeyStore.getInstance("PKCS12");
			keys.load(input, PASSWORD.toCharArray());
			KeyStore trust = KeyStore.getInstance("PKCS12");
			trust.load(null, null);
			trust.setCertificateEntry("server", keys.getCertificate("server"));
			trust.store(output, PASSWORD.toCharArray());
			return trusting;
		}
		catch (IOException | GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
