package io.redmesh.core.instance;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;

/**
 * The rules for namespaces, services, ids, hosts, labels and metadata. All limits are
 * defined here, once, for both sides of the wire.
 */
public final class Names {

	// Checked for each instance of each registration and each change that is read. Hence
	// there are no regular expressions.
	private static final Alphabet LETTERS = Alphabet.of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

	private static final Alphabet DIGIT = Alphabet.of("0123456789");

	private static final Alphabet LOWER_OR_DIGIT = Alphabet.of("abcdefghijklmnopqrstuvwxyz0123456789");

	private static final Alphabet LETTER_OR_DIGIT = LOWER_OR_DIGIT.and("ABCDEFGHIJKLMNOPQRSTUVWXYZ");

	private static final Alphabet NAMESPACE = LOWER_OR_DIGIT.and("-");

	private static final Alphabet SERVICE = LOWER_OR_DIGIT.and(".-");

	private static final Alphabet ID = LETTER_OR_DIGIT.and("._:-");

	private static final Alphabet LABEL_OF_HOST = LETTER_OR_DIGIT.and("-");

	private static final Alphabet IPV6 = Alphabet.of("0123456789abcdefABCDEF:.");

	private static final Alphabet LOCALITY = LETTER_OR_DIGIT.and("._-");

	private static final Alphabet KEY = LETTER_OR_DIGIT.and("._/-");

	private static final int MAX_NAME = 63;

	private static final int MAX_HOST = 253;

	private static final int MAX_IPV6 = 45;

	/** The length of the longest permitted id. */
	public static final int MAX_ID = 128;

	/** The largest number of labels, and of metadata entries, of an instance. */
	public static final int MAX_ENTRIES = 32;

	/** The longest value of a label, in bytes of UTF-8. */
	public static final int MAX_LABEL = 128;

	/** The longest value of a metadata entry, in bytes of UTF-8. */
	public static final int MAX_METADATA = 1024;

	private Names() {
	}

	/**
	 * Checks the name of a namespace.
	 * @param value the name
	 * @return the name
	 * @throws InvalidValueException if the name is not permitted
	 */
	public static String requireNamespace(String value) {
		boolean permitted = NAMESPACE.spells(value, 1, MAX_NAME) && LOWER_OR_DIGIT.hasEnds(value);
		return require(permitted, "namespace", value,
				"1 to 63 of a-z, 0-9 and -, beginning and ending with a letter or digit");
	}

	/**
	 * Checks the name of a service.
	 * @param value the name
	 * @return the name
	 * @throws InvalidValueException if the name is not permitted
	 */
	public static String requireService(String value) {
		// A service is the host of a URI: java.net.URI refuses underscores there.
		boolean permitted = SERVICE.spells(value, 1, MAX_NAME) && LOWER_OR_DIGIT.hasEnds(value)
				&& (value.indexOf('.') < 0 || isHostOfUri(value));
		require(permitted, "service", value,
				"1 to 63 of a-z, 0-9, . and -, beginning and ending with a letter or digit, as the host of a "
						+ "URI: the part after the last dot begins with a letter");
		return require(!isReserved(value), "service", value,
				"a name that is not localhost and no IP address, because the service would capture their calls");
	}

	// Resolvers take a number for an IPv4 address: http://2130706433/ is 127.0.0.1.
	private static boolean isReserved(String service) {
		return service.equals("localhost") || service.endsWith(".localhost") || isIpv4(service)
				|| DIGIT.spells(service, 1, MAX_NAME);
	}

	/**
	 * Checks the id of an instance, which is unique within its service.
	 * @param value the id
	 * @return the id
	 * @throws InvalidValueException if the id is not permitted
	 */
	public static String requireId(String value) {
		boolean permitted = ID.spells(value, 1, MAX_ID) && LETTER_OR_DIGIT.contains(value.charAt(0));
		return require(permitted, "id", value,
				"1 to 128 of A-Z, a-z, 0-9, ., _, : and -, beginning with a letter or digit");
	}

	/**
	 * Checks a host: a DNS name, an IPv4 address, or an IPv6 address without brackets.
	 * Addresses that no caller can reach, such as {@code 0.0.0.0}, are refused.
	 * @param value the host
	 * @return the host
	 * @throws InvalidValueException if the host is not permitted
	 */
	public static String requireHost(String value) {
		boolean wellFormed = (value.indexOf(':') >= 0) ? isIpv6(value) : isHostOfUri(value);
		boolean wildcard = value.equals("0.0.0.0") || value.equals("255.255.255.255");
		return require(wellFormed && !wildcard, "host", value,
				"a DNS name or IP address that callers can reach, at most 253 characters");
	}

	/**
	 * Returns whether callers can write a host into a URI (RFC 2396, section 3.2.2, as
	 * java.net.URI reads it). Labels consist of letters, digits and hyphens and neither
	 * begin nor end with a hyphen; the last of several begins with a letter. Or it is an
	 * IPv4 address.
	 */
	private static boolean isHostOfUri(String value) {
		if (value.length() > MAX_HOST) {
			return false;
		}
		int begin = 0;
		for (int dot = value.indexOf('.'); dot >= 0; dot = value.indexOf('.', begin)) {
			if (!isLabel(value, begin, dot)) {
				return false;
			}
			begin = dot + 1;
		}
		return isLabel(value, begin, value.length())
				&& (begin == 0 || LETTERS.contains(value.charAt(begin)) || isIpv4(value));
	}

	private static boolean isLabel(String value, int begin, int end) {
		return end > begin && end - begin <= MAX_NAME && LABEL_OF_HOST.spells(value, begin, end, 1)
				&& value.charAt(begin) != '-' && value.charAt(end - 1) != '-';
	}

	private static boolean isIpv4(String value) {
		int part = 0;
		int digits = 0;
		int dots = 0;
		for (int i = 0; i < value.length(); i++) {
			char next = value.charAt(i);
			if (next == '.') {
				dots++;
				part = 0;
				digits = 0;
			}
			else if (next < '0' || next > '9' || ++digits > 3) {
				return false;
			}
			else {
				part = 10 * part + next - '0';
			}
			if (part > 255) {
				return false;
			}
		}
		return dots == 3;
	}

	private static boolean isIpv6(String value) {
		try {
			// A literal with a colon is parsed, and never looked up in DNS.
			return IPV6.spells(value, 2, MAX_IPV6) && !InetAddress.getByName(value).isAnyLocalAddress();
		}
		catch (UnknownHostException ex) {
			return false;
		}
	}

	static void requireLocalityStep(String field, String value) {
		boolean permitted = value.isEmpty()
				|| (LOCALITY.spells(value, 1, MAX_NAME) && LETTER_OR_DIGIT.contains(value.charAt(0)));
		require(permitted, field, value, "at most 63 of A-Z, a-z, 0-9, ., _ and -, or empty");
	}

	/**
	 * Checks labels or metadata.
	 * @param field the field's name on the wire
	 * @param entries the entries
	 * @param maxValue the longest permitted value, in bytes of UTF-8
	 * @throws InvalidValueException if an entry is not permitted
	 */
	public static void requireEntries(String field, Map<String, String> entries, int maxValue) {
		if (entries.size() > MAX_ENTRIES) {
			throw new InvalidValueException(field, entries.size() + " entries", "at most " + MAX_ENTRIES + " entries");
		}
		entries.forEach((key, value) -> {
			if (!KEY.spells(key, 1, MAX_NAME) || !LETTER_OR_DIGIT.contains(key.charAt(0))) {
				require(false, field + "[" + key + "]", key, "keys of 1 to 63 of A-Z, a-z, 0-9, ., _, / and -");
			}
			long bytes = utf8(value);
			if (bytes < 0) {
				throw new InvalidValueException(field + "[" + key + "]", "(half of a surrogate pair)",
						"text that can be written in UTF-8");
			}
			if (bytes > maxValue) {
				throw new InvalidValueException(field + "[" + key + "]", bytes + " bytes",
						"at most " + maxValue + " bytes of UTF-8");
			}
		});
	}

	/**
	 * Counts the bytes of a text in UTF-8 without encoding it, because this runs for each
	 * instance that is read.
	 */
	private static long utf8(String value) {
		long bytes = 0;
		for (int i = 0; i < value.length(); i++) {
			char next = value.charAt(i);
			if (next < 0x80) {
				bytes++;
			}
			else if (next < 0x800) {
				bytes += 2;
			}
			else if (!Character.isSurrogate(next)) {
				bytes += 3;
			}
			else if (Character.isHighSurrogate(next) && i + 1 < value.length()
					&& Character.isLowSurrogate(value.charAt(i + 1))) {
				bytes += 4;
				i++;
			}
			else {
				return -1;
			}
		}
		return bytes;
	}

	private static String require(boolean permitted, String field, String value, String expected) {
		if (!permitted) {
			throw new InvalidValueException(field, value.isEmpty() ? "(empty)" : value, expected);
		}
		return value;
	}

	/** A set of ASCII characters. */
	private record Alphabet(long low, long high) {

		static Alphabet of(String characters) {
			return new Alphabet(0, 0).and(characters);
		}

		Alphabet and(String characters) {
			long low = this.low;
			long high = this.high;
			for (int i = 0; i < characters.length(); i++) {
				char next = characters.charAt(i);
				if (next < 64) {
					low |= 1L << next;
				}
				else {
					high |= 1L << next;
				}
			}
			return new Alphabet(low, high);
		}

		boolean contains(char character) {
			return character < 128 && (((character < 64) ? this.low : this.high) >>> character & 1) != 0;
		}

		boolean hasEnds(String word) {
			return contains(word.charAt(0)) && contains(word.charAt(word.length() - 1));
		}

		boolean spells(String word, int min, int max) {
			return word.length() <= max && spells(word, 0, word.length(), min);
		}

		boolean spells(String word, int begin, int end, int min) {
			for (int i = begin; i < end; i++) {
				if (!contains(word.charAt(i))) {
					return false;
				}
			}
			return end - begin >= min;
		}

	}

}
