package io.redmesh.core.traffic;

/** A change of the path of a request. The query stays as it is. */
public sealed interface PathRewrite {

	/**
	 * Changes a path.
	 * @param path the path, without the query
	 * @return the new path
	 */
	String apply(String path);

	/**
	 * Returns the change for paths that fulfil a certain match.
	 * @param match the match
	 * @return the change
	 */
	default PathRewrite after(RouteMatch match) {
		return this;
	}

	/**
	 * The replacement of the part of the path that was matched: the prefix that the match
	 * names, or the whole path. Without a match on the path, it is the slash at the
	 * beginning, as in Envoy.
	 *
	 * @param text the new text
	 * @param length the length of the part that is replaced; {@link Integer#MAX_VALUE}
	 * for the whole path
	 */
	record Replacement(String text, int length) implements PathRewrite {

		/**
		 * Creates the change for paths that no condition has matched.
		 * @param text the new text
		 */
		public Replacement(String text) {
			this(text, 1);
		}

		@Override
		public String apply(String path) {
			return (this.length < path.length()) ? this.text + path.substring(this.length) : this.text;
		}

		@Override
		public PathRewrite after(RouteMatch match) {
			StringMatch path = match.path();
			if (path == null || path instanceof StringMatch.Present) {
				return this;
			}
			return new Replacement(this.text,
					(path instanceof StringMatch.Prefix prefix) ? prefix.text().length() : Integer.MAX_VALUE);
		}

	}

	/**
	 * The replacement of the whole path.
	 *
	 * @param text the new path
	 */
	record Whole(String text) implements PathRewrite {

		@Override
		public String apply(String path) {
			return this.text;
		}

	}

	/**
	 * The replacement of each part of the path that a regular expression matches.
	 *
	 * @param regex the regular expression
	 * @param text the new text: {@code \1} to {@code \9} stand for groups, {@code \0} for
	 * the whole match and {@code \\} for a backslash, as in RE2
	 */
	record Substitution(Regex regex, String text) implements PathRewrite {

		public Substitution {
			RegexSubstitution.require(text, regex);
		}

		@Override
		public String apply(String path) {
			return RegexSubstitution.apply(this.regex, this.text, path);
		}

	}

}
