package io.redmesh.core.traffic;

import java.time.Duration;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/** The check of timeouts, retries and rewrites of a route. */
final class RouteCheck implements RuleCheck {

	private static final Set<String> NOT_IDEMPOTENT = Set.of("POST", "PATCH");

	@Override
	public void check(AnalyzedRules rules) {
		for (VirtualService rule : rules.virtualServices()) {
			for (MatchedRoute matched : rule.routes()) {
				if (matched.route().action() instanceof Forward forward) {
					check(rules, matched, forward);
				}
			}
		}
	}

	private static void check(AnalyzedRules rules, MatchedRoute matched, Forward forward) {
		RouteOrigin origin = matched.route().origin();
		RetryRule retries = forward.retries();
		if (retries != null) {
			checkMethod(rules, matched, retries);
		}
		// Once for each entry of the document.
		if (retries != null && origin.match() <= 0) {
			checkTimes(rules, origin.rule(), "spec.http[" + origin.index() + "]", forward.timeout(), retries);
		}
		if (forward.rewrite() != null) {
			checkPath(rules, matched, forward.rewrite());
		}
	}

	private static void checkTimes(AnalyzedRules rules, RuleKey rule, String path, @Nullable Duration timeout,
			RetryRule retries) {
		Duration perTry = retries.perTryTimeout();
		if (timeout == null || timeout.isZero() || perTry == null) {
			return;
		}
		Duration all = perTry.multipliedBy(retries.attempts() + 1L);
		if (perTry.compareTo(timeout) > 0) {
			rules.warn(rule, FindingCode.TIMEOUT_BELOW_ATTEMPT, path + ".retries.perTryTimeout",
					"the timeout of the call ends each attempt after %d ms, before its own of %d ms"
						.formatted(timeout.toMillis(), perTry.toMillis()));
		}
		else if (all.compareTo(timeout) > 0) {
			rules.warn(rule, FindingCode.TIMEOUT_BELOW_RETRIES, path + ".timeout",
					"%d attempts of %d ms each do not fit into the timeout of %d ms".formatted(retries.attempts() + 1,
							perTry.toMillis(), timeout.toMillis()));
		}
	}

	private static void checkMethod(AnalyzedRules rules, MatchedRoute matched, RetryRule retries) {
		RouteOrigin origin = matched.route().origin();
		for (Condition condition : matched.match().conditions()) {
			boolean method = condition.part() == RequestPart.METHOD
					&& condition.match() instanceof StringMatch.Exact exact && NOT_IDEMPOTENT.contains(exact.text());
			if (method && retries.attempts() > 0 && retries.on().noResponse()) {
				rules.warn(origin.rule(), FindingCode.RETRY_NOT_IDEMPOTENT, origin.path() + ".method",
						"retries may execute a request twice whose method is not idempotent");
			}
		}
	}

	private static void checkPath(AnalyzedRules rules, MatchedRoute matched, Rewrite rewrite) {
		if (rewrite.path() instanceof PathRewrite.Replacement replacement
				&& matched.match().path() instanceof StringMatch.Prefix prefix && replacement.text().endsWith("/")
				&& !prefix.text().endsWith("/")) {
			RouteOrigin origin = matched.route().origin();
			rules.warn(origin.rule(), FindingCode.DOUBLE_SLASH, "spec.http[" + origin.index() + "].rewrite.uri",
					"%s/a becomes %s: the prefix has no slash at its end, but its replacement has"
						.formatted(prefix.text(), replacement.apply(prefix.text() + "/a")));
		}
	}

}
