package io.redmesh.core.traffic;

/**
 * The relation of matches one of which is fulfilled by all requests that fulfil the
 * other. It is recognized in plain cases only.
 */
final class MatchCoverage {

	private MatchCoverage() {
	}

	static boolean covers(RouteMatch wide, RouteMatch narrow) {
		boolean source = wide.source().equals(SourceMatch.ANY) || wide.source().equals(narrow.source());
		boolean port = wide.port() == 0 || wide.port() == narrow.port();
		return source && port && wide.conditions().stream().allMatch((condition) -> isImplied(condition, narrow));
	}

	private static boolean isImplied(Condition condition, RouteMatch narrow) {
		boolean always = condition.part() == RequestPart.PATH && condition.match().matchesEveryPath();
		return always || narrow.conditions().stream().anyMatch((other) -> covers(condition, other));
	}

	private static boolean covers(Condition wide, Condition narrow) {
		if (wide.inverted() || narrow.inverted()) {
			return wide.equals(narrow);
		}
		return wide.part() == narrow.part() && wide.name().equals(narrow.name())
				&& covers(wide.match(), narrow.match());
	}

	private static boolean covers(StringMatch wide, StringMatch narrow) {
		if (wide instanceof StringMatch.Present || wide.equals(narrow)) {
			return true;
		}
		if (narrow instanceof StringMatch.Exact exact) {
			return ignoresCase(wide) == exact.ignoreCase() && wide.matches(exact.text());
		}
		return narrow instanceof StringMatch.Prefix prefix && wide instanceof StringMatch.Prefix
				&& ignoresCase(wide) == prefix.ignoreCase() && wide.matches(prefix.text());
	}

	private static boolean ignoresCase(StringMatch match) {
		return (match instanceof StringMatch.Exact exact && exact.ignoreCase())
				|| (match instanceof StringMatch.Prefix prefix && prefix.ignoreCase());
	}

}
