package io.redmesh.core.traffic;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.redmesh.core.instance.InvalidValueException;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression of RE2, as in Envoy. A match takes time in proportion to the
 * length of the text, so that no request can stall its caller. Therefore there are no
 * back-references and no lookaround.
 */
public final class Regex {

	/** The longest permitted expression, as in Istio. */
	public static final int MAX_LENGTH = 1024;

	// Envoy counts the instructions of the program, too. A repetition of n copies its
	// operand n times, so that a short expression can have a program of any size.
	static final int MAX_SIZE = 1024;

	private final Pattern pattern;

	private Regex(Pattern pattern) {
		this.pattern = pattern;
	}

	/**
	 * Compiles an expression.
	 * @param text the expression
	 * @return the compiled expression
	 * @throws InvalidValueException if it is too long or too large, or if RE2 does not
	 * accept it
	 */
	public static Regex of(String text) {
		if (text.length() > MAX_LENGTH) {
			throw new InvalidValueException("regex", text, "at most " + MAX_LENGTH + " characters");
		}
		if (RegexSize.of(text) > MAX_SIZE) {
			throw new InvalidValueException("regex", text,
					"repetitions that stand for at most " + MAX_SIZE + " characters, and no \\Q");
		}
		try {
			return new Regex(Pattern.compile(text));
		}
		catch (PatternSyntaxException ex) {
			throw new InvalidValueException("regex", text, "the syntax of RE2: " + ex.getDescription());
		}
	}

	boolean matches(String text) {
		return this.pattern.matches(text);
	}

	/**
	 * Returns a matcher that finds the places in a text where the expression matches.
	 * @param text the text
	 * @return the matcher
	 */
	Matcher matcher(String text) {
		return this.pattern.matcher(text);
	}

	int groups() {
		return this.pattern.groupCount();
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof Regex regex && this.pattern.equals(regex.pattern);
	}

	@Override
	public int hashCode() {
		return this.pattern.hashCode();
	}

	@Override
	public String toString() {
		return this.pattern.pattern();
	}

}
