package io.redmesh.core.traffic;

/** A condition on a text, as Istio's {@code StringMatch}. */
public sealed interface StringMatch {

	/**
	 * Returns whether a text fulfils this condition.
	 * @param text the text
	 * @return whether it does
	 */
	boolean matches(String text);

	/**
	 * Returns whether a missing text fulfils this condition where Envoy treats it as
	 * empty, which it does in {@code withoutHeaders}.
	 * @return whether it does
	 */
	default boolean matchesMissing() {
		return matches("");
	}

	/**
	 * Returns whether every path of a request visibly fulfils this condition.
	 * @return whether routes after one with this condition on the path are in vain
	 */
	boolean matchesEveryPath();

	/**
	 * Returns the condition that there is a text at all.
	 * @return the condition
	 */
	static StringMatch present() {
		return new Present();
	}

	/**
	 * The condition that the whole text is a certain one.
	 *
	 * @param text the expected text
	 * @param ignoreCase whether upper and lower case are equal
	 */
	record Exact(String text, boolean ignoreCase) implements StringMatch {

		@Override
		public boolean matches(String text) {
			return this.ignoreCase ? this.text.equalsIgnoreCase(text) : this.text.equals(text);
		}

		@Override
		public boolean matchesEveryPath() {
			return false;
		}

		@Override
		public String toString() {
			return "exact: " + this.text;
		}

	}

	/**
	 * The condition that a text begins in a certain way. For a path it is no path prefix:
	 * {@code /foo} is also the beginning of {@code /foobar}.
	 *
	 * @param text the expected beginning
	 * @param ignoreCase whether upper and lower case are equal
	 */
	record Prefix(String text, boolean ignoreCase) implements StringMatch {

		@Override
		public boolean matches(String text) {
			return text.regionMatches(this.ignoreCase, 0, this.text, 0, this.text.length());
		}

		@Override
		public boolean matchesEveryPath() {
			return this.text.isEmpty() || this.text.equals("/");
		}

		@Override
		public String toString() {
			return "prefix: " + this.text;
		}

	}

	/**
	 * The condition that a regular expression matches the whole text.
	 *
	 * @param regex the regular expression
	 */
	record Expression(Regex regex) implements StringMatch {

		@Override
		public boolean matches(String text) {
			return this.regex.matches(text);
		}

		@Override
		public boolean matchesEveryPath() {
			return this.regex.toString().equals(".*");
		}

		@Override
		public String toString() {
			return "regex: " + this.regex;
		}

	}

	/** The condition that there is a text, whatever it is. */
	record Present() implements StringMatch {

		@Override
		public boolean matches(String text) {
			return true;
		}

		@Override
		public boolean matchesMissing() {
			return false;
		}

		@Override
		public boolean matchesEveryPath() {
			return true;
		}

		@Override
		public String toString() {
			return "present";
		}

	}

}
