package io.redmesh.autoconfigure.registration;

import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.cert.X509Certificate;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.env.Environment;

/**
 * The host under which this instance registers: the one that the app has configured, else
 * a name from its certificate, else the address that callers reach. Blocks while names
 * are resolved; for use by one thread.
 */
final class AnnouncedHost {

	private static final Logger logger = LoggerFactory.getLogger(AnnouncedHost.class);

	private static final int MAX_READS = 3;

	private final @Nullable String configured;

	private final Environment environment;

	private final ServerPorts ports;

	private final List<URI> registry;

	/**
	 * The certificate, read once: callers go on connecting to the host that they know.
	 */
	private @Nullable CertificateNames certificate;

	/** The number of failed attempts to read the certificate. */
	private int failedReads;

	/** The last choice, kept for its address, since choosing resolves many names. */
	private @Nullable Choice choice;

	AnnouncedHost(@Nullable String configured, Environment environment, ServerPorts ports, List<URI> registry) {
		this.configured = configured;
		this.environment = environment;
		this.ports = ports;
		this.registry = registry;
	}

	/**
	 * Finds the host.
	 * @param tls whether this app's own server uses TLS with callers
	 * @return the address and the host
	 */
	Choice find(boolean tls) {
		String host = (this.configured != null) ? this.configured : address();
		if (this.configured != null) {
			LocalAddress.requireReachable(this.configured, "mesh.instance.host", this.registry);
		}
		CertificateNames names = (tls && this.ports.app() > 0) ? certificate() : null;
		if (names == null) {
			return new Choice(host, host);
		}
		Choice last = this.choice;
		if (last == null || !last.address.equals(host)) {
			last = new Choice(host, choose(names, host));
			this.choice = last;
		}
		return last;
	}

	private String choose(CertificateNames names, String host) {
		String certified = (this.configured == null) ? CertifiedHost.find(names, host)
				: names.covers(host) ? host : null;
		if (certified == null) {
			warnOfCertificate(host, names);
		}
		return (certified != null) ? certified : host;
	}

	private void warnOfCertificate(String host, CertificateNames names) {
		logger.warn("The certificate of this server is for {}, but this instance registers as {}. Callers verify the "
				+ "certificate against that host and will refuse it. Set mesh.instance.host to a name that is in the "
				+ "certificate and leads to this machine, or give the server a certificate for {}", names, host, host);
	}

	private String address() {
		String bound = bound();
		if (bound != null) {
			LocalAddress.requireReachable(bound, "server.address", this.registry);
			return bound;
		}
		String local = LocalAddress.towards(this.registry);
		if (local == null) {
			throw new UncheckedIOException(new NoRouteToHostException("no route to " + this.registry));
		}
		return local;
	}

	/**
	 * Returns the address that the server is bound to, or null if that is every address.
	 */
	private @Nullable String bound() {
		String bound = this.environment.getProperty("server.address", "");
		if (bound.isEmpty()) {
			return null;
		}
		try {
			InetAddress address = InetAddress.getByName(bound);
			String host = bound.startsWith("[") || bound.indexOf(':') >= 0 ? LocalAddress.text(address) : bound;
			return address.isAnyLocalAddress() ? null : host;
		}
		catch (UnknownHostException ex) {
			return bound;
		}
	}

	private @Nullable CertificateNames certificate() {
		if (this.certificate == null && this.failedReads < MAX_READS) {
			X509Certificate shown = ServerCertificate.read(listening(), this.ports.app());
			this.certificate = (shown != null) ? CertificateNames.of(shown) : null;
			this.failedReads++;
		}
		return this.certificate;
	}

	private InetAddress listening() {
		String bound = bound();
		try {
			return (bound != null) ? InetAddress.getByName(bound) : InetAddress.getLoopbackAddress();
		}
		catch (UnknownHostException ex) {
			return InetAddress.getLoopbackAddress();
		}
	}

	/**
	 * The host that is registered for an address.
	 *
	 * @param address the configured host, or the address of this machine. The id is made
	 * of it, since several machines may register under one name
	 * @param host the host under which this instance registers
	 */
	record Choice(String address, String host) {

	}

}
