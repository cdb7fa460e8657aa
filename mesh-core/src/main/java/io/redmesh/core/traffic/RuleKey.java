package io.redmesh.core.traffic;

import java.util.Comparator;

import io.redmesh.core.instance.InvalidValueException;
import org.jspecify.annotations.Nullable;

/**
 * The name of a rule within its namespace. Rules that concern the same host are ordered
 * by their keys.
 *
 * @param kind the kind
 * @param name the name, unique among rules of this kind: 1 to 253 of a-z, 0-9, . and -,
 * beginning and ending with a letter or digit, as in Kubernetes
 */
public record RuleKey(RuleKind kind, String name) implements Comparable<RuleKey> {

	private static final Comparator<RuleKey> ORDER = Comparator.comparing(RuleKey::kind).thenComparing(RuleKey::name);

	private static final int MAX_NAME = 253;

	public RuleKey {
		if (!isName(name)) {
			throw new InvalidValueException("name", name.isEmpty() ? "(empty)" : name,
					"1 to 253 of a-z, 0-9, . and -, beginning and ending with a letter or digit");
		}
	}

	/**
	 * Returns whether a text is a permitted name.
	 * @param text the text
	 * @return whether it is
	 */
	public static boolean isName(String text) {
		boolean permitted = !text.isEmpty() && text.length() <= MAX_NAME;
		for (int i = 0; permitted && i < text.length(); i++) {
			char next = text.charAt(i);
			boolean end = (i == 0 || i == text.length() - 1);
			permitted = (next >= 'a' && next <= 'z') || (next >= '0' && next <= '9')
					|| (!end && (next == '-' || next == '.'));
		}
		return permitted;
	}

	/**
	 * Parses the form that {@link #toString()} writes. The kind may have any case.
	 * @param text any text
	 * @return the key, or null if the text is none
	 */
	public static @Nullable RuleKey parse(String text) {
		int slash = text.indexOf('/');
		RuleKind kind = (slash < 0) ? null : RuleKind.parse(text.substring(0, slash));
		String name = text.substring(slash + 1);
		return (kind != null && isName(name)) ? new RuleKey(kind, name) : null;
	}

	@Override
	public int compareTo(RuleKey other) {
		return ORDER.compare(this, other);
	}

	/** Returns for example {@code VirtualService/orders}. */
	@Override
	public String toString() {
		return this.kind + "/" + this.name;
	}

}
