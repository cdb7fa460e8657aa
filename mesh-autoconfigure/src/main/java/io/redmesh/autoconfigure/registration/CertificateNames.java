package io.redmesh.autoconfigure.registration;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * The hosts that a server's certificate covers, as RFC 9525 reads it: the DNS names and
 * IP addresses of its subject alternative names.
 *
 * @param dns the DNS names in lower case, some of which may begin with a wildcard
 * @param addresses the IP addresses, as text
 */
record CertificateNames(List<String> dns, List<String> addresses) {

	private static final int DNS_NAME = 2;

	private static final int IP_ADDRESS = 7;

	private static final String WILDCARD = "*.";

	static CertificateNames of(X509Certificate certificate) {
		List<String> dns = new ArrayList<>();
		List<String> addresses = new ArrayList<>();
		try {
			var alternatives = certificate.getSubjectAlternativeNames();
			for (List<?> name : (alternatives != null) ? alternatives : List.<List<?>>of()) {
				if (name.get(0) instanceof Integer type && name.get(1) instanceof String value) {
					if (type == DNS_NAME) {
						dns.add(value.toLowerCase(Locale.ROOT));
					}
					else if (type == IP_ADDRESS) {
						addresses.add(value);
					}
				}
			}
		}
		catch (CertificateParsingException ex) {
			// A certificate whose names cannot be read covers no host.
		}
		if (dns.isEmpty() && addresses.isEmpty()) {
			dns.addAll(commonName(certificate));
		}
		return new CertificateNames(List.copyOf(dns), List.copyOf(addresses));
	}

	/**
	 * Returns the common names. Java's clients use them if there is no alternative name.
	 */
	private static List<String> commonName(X509Certificate certificate) {
		try {
			return new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()
				.stream()
				.filter((rdn) -> rdn.getType().equalsIgnoreCase("CN"))
				.map(Rdn::getValue)
				.map((value) -> value.toString().toLowerCase(Locale.ROOT))
				.toList();
		}
		catch (InvalidNameException ex) {
			return List.of();
		}
	}

	/** Returns the DNS names without a wildcard. */
	List<String> hosts() {
		return this.dns.stream().filter((name) -> !name.startsWith(WILDCARD)).toList();
	}

	/**
	 * Returns whether the certificate covers a host that a caller connects to.
	 * @param host a DNS name or an IP address
	 */
	boolean covers(String host) {
		if (LocalAddress.isLiteral(host)) {
			return this.addresses.stream().anyMatch((address) -> isSame(address, host));
		}
		String name = host.toLowerCase(Locale.ROOT);
		int dot = name.indexOf('.');
		return this.dns.contains(name) || (dot > 0 && this.dns.contains("*" + name.substring(dot)));
	}

	private static boolean isSame(String address, String host) {
		try {
			// Literals are parsed and never looked up.
			return InetAddress.getByName(address).equals(InetAddress.getByName(host));
		}
		catch (UnknownHostException ex) {
			return false;
		}
	}

	@Override
	public String toString() {
		List<String> all = new ArrayList<>(this.dns);
		all.addAll(this.addresses);
		return all.toString();
	}

}
