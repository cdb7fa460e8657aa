package io.redmesh.core.instance;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What namespaces, services, instances, hosts, labels and metadata may be called. All
 * limits stand here, once, for both sides of the wire.
 */
public final class Names {

	private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

	// A service is the host of a URI; java.net.URI knows no host with an underscore.
	private static final Pattern SERVICE = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?");

	private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,127}");

	private static final Pattern HOST = Pattern
		.compile("(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]{0,62})(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,62}))*");

	private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]{2,45}");

	private static final Pattern LOCALITY = Pattern.compile("([A-Za-z0-9]([A-Za-z0-9._-]{0,62}))?");

	private static final Pattern KEY = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._/-]{0,62})");

	/** How many labels, and how many metadata entries, an instance may have. */
	public static final int MAX_ENTRIES = 32;

	/** The longest value of a label, in characters. */
	public static final int MAX_LABEL = 128;

	/** The longest value of a metadata entry, in characters. */
	public static final int MAX_METADATA = 1024;

	private Names() {
	}

	/**
	 * Checks the name of a namespace.
	 * @param value the name
	 * @return the name
	 * @throws InvalidValueException if it is not permitted
	 */
	public static String requireNamespace(String value) {
		return require(NAMESPACE, "namespace", value,
				"1 to 63 of a-z, 0-9 and -, beginning and ending with a letter or digit");
	}

	/**
	 * Checks the name of a service.
	 * @param value the name
	 * @return the name
	 * @throws InvalidValueException if it is not permitted
	 */
	public static String requireService(String value) {
		String permitted = "1 to 63 of a-z, 0-9, . and -, beginning and ending with a letter or digit, as the host of a "
				+ "URI: what follows the last dot begins with a letter";
		require(SERVICE, "service", value, permitted);
		if (value.indexOf('.') >= 0 && !isHostOfUri(value)) {
			throw new InvalidValueException("service", value, permitted);
		}
		return value;
	}

	/**
	 * Checks the id of an instance, which is unique within its service.
	 * @param value the id
	 * @return the id
	 * @throws InvalidValueException if it is not permitted
	 */
	public static String requireId(String value) {
		return require(ID, "id", value, "1 to 128 of A-Z, a-z, 0-9, ., _, : and -, beginning with a letter or digit");
	}

	/**
	 * Checks a host: a DNS name, an IPv4 address, or an IPv6 address without brackets.
	 * Addresses that nobody can call, such as {@code 0.0.0.0}, are refused.
	 * @param value the host
	 * @return the host
	 * @throws InvalidValueException if it is not permitted
	 */
	public static String requireHost(String value) {
		boolean wellFormed = (value.indexOf(':') >= 0) ? isIpv6(value)
				: HOST.matcher(value).matches() && isHostOfUri(value);
		boolean wildcard = value.equals("0.0.0.0") || value.equals("255.255.255.255");
		if (!wellFormed || wildcard) {
			throw new InvalidValueException("host", value,
					"a DNS name or IP address that callers can reach, at most 253 characters");
		}
		return value;
	}

	/**
	 * Whether callers can write it into a URI: java.net.URI knows no host whose last
	 * label begins with a digit, but for IPv4 addresses, and none whose labels are empty
	 * or end with a hyphen.
	 */
	private static boolean isHostOfUri(String value) {
		try {
			return value.equals(new URI("http://" + value).getHost());
		}
		catch (URISyntaxException ex) {
			return false;
		}
	}

	private static boolean isIpv6(String value) {
		try {
			// A literal with a colon is parsed and never looked up.
			return IPV6.matcher(value).matches() && !InetAddress.getByName(value).isAnyLocalAddress();
		}
		catch (UnknownHostException ex) {
			return false;
		}
	}

	static void requireLocalityStep(String field, String value) {
		require(LOCALITY, field, value, "at most 63 of A-Z, a-z, 0-9, ., _ and -, or empty");
	}

	static void requireEntries(String field, Map<String, String> entries, int maxValue) {
		if (entries.size() > MAX_ENTRIES) {
			throw new InvalidValueException(field, entries.size() + " entries", "at most " + MAX_ENTRIES + " entries");
		}
		entries.forEach((key, value) -> {
			String entry = field + "[" + key + "]";
			require(KEY, entry, key, "keys of 1 to 63 of A-Z, a-z, 0-9, ., _, / and -");
			if (value.length() > maxValue) {
				throw new InvalidValueException(entry, value, "at most " + maxValue + " characters");
			}
		});
	}

	private static String require(Pattern pattern, String field, String value, String permitted) {
		if (!pattern.matcher(value).matches()) {
			throw new InvalidValueException(field, value.isEmpty() ? "(empty)" : value, permitted);
		}
		return value;
	}

}
