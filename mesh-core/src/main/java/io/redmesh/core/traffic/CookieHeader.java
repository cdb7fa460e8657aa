package io.redmesh.core.traffic;

import org.jspecify.annotations.Nullable;

/** The header {@code Cookie} of a request (RFC 6265, section 4.2.1). */
final class CookieHeader {

	private CookieHeader() {
	}

	/**
	 * Finds a cookie.
	 * @param header the header's value
	 * @param name the name of the cookie
	 * @return the value of the first cookie of this name, or null
	 */
	static @Nullable String value(String header, String name) {
		int begin = 0;
		while (begin < header.length()) {
			int end = header.indexOf(';', begin);
			end = (end < 0) ? header.length() : end;
			while (begin < end && header.charAt(begin) == ' ') {
				begin++;
			}
			int equals = begin + name.length();
			if (equals < end && header.charAt(equals) == '=' && header.startsWith(name, begin)) {
				return header.substring(equals + 1, end).trim();
			}
			begin = end + 1;
		}
		return null;
	}

}
