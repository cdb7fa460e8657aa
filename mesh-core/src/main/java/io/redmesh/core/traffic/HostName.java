package io.redmesh.core.traffic;

import java.util.Locale;

/** The host names of rules and calls. */
public final class HostName {

	/** The wildcard for every host. */
	public static final String ANY = "*";

	private static final String CLUSTER = ".svc.cluster.local";

	private HostName() {
	}

	/**
	 * Returns the one spelling of a host: in lower case, and short if it is the full name
	 * of a service of the namespace. A host in this spelling is returned as it is.
	 * @param host the host
	 * @param namespace the namespace
	 * @return for example {@code orders} for {@code orders.default.svc.cluster.local}
	 */
	public static String canonical(String host, String namespace) {
		String lower = host.toLowerCase(Locale.ROOT);
		int dot = lower.length() - CLUSTER.length() - namespace.length() - 1;
		boolean full = dot > 0 && lower.endsWith(CLUSTER) && lower.charAt(dot) == '.'
				&& lower.startsWith(namespace, dot + 1);
		return full ? lower.substring(0, dot) : lower;
	}

	/**
	 * Returns whether a host stands for several.
	 * @param host the host
	 * @return whether it is a wildcard
	 */
	public static boolean isWildcard(String host) {
		return host.startsWith(ANY);
	}

	/**
	 * Returns whether a wildcard stands for a host.
	 * @param wildcard {@code *}, or {@code *.} and the end of the host
	 * @param host the host
	 * @return whether it does
	 */
	static boolean matches(String wildcard, String host) {
		int end = wildcard.length() - 1;
		return host.length() > end && host.regionMatches(host.length() - end, wildcard, 1, end);
	}

	/**
	 * Returns whether a text is a host that rules can name: labels of a-z, 0-9 and -,
	 * joined by dots, possibly with a leading {@code *.}; or {@value #ANY}.
	 * @param text the text, in lower case
	 * @return whether it is
	 */
	public static boolean isPermitted(String text) {
		return text.equals(ANY) || RuleKey.isName(text.startsWith("*.") ? text.substring(2) : text);
	}

}
