package io.redmesh.core.traffic.document;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import io.redmesh.core.traffic.FindingCode;
import io.redmesh.core.traffic.RetryCondition;
import io.redmesh.core.traffic.RetryOn;
import io.redmesh.core.traffic.RetryRule;
import io.redmesh.core.traffic.Severity;

/** A reader of {@code retries}. */
final class RetryReader {

	// That of the client.
	private static final int MOST = 9;

	private static final Set<String> WITHOUT_EFFECT = Set.of("retriable-headers", "envoy-ratelimited",
			"http3-post-connect-failure", "cancelled", "deadline-exceeded", "internal", "resource-exhausted",
			"unavailable");

	private RetryReader() {
	}

	/**
	 * Reads the fields. Without the number of attempts, Istio refuses them; here it is
	 * Istio's default.
	 */
	static RetryRule read(Fields fields) {
		boolean strict = fields.findings().isStrict();
		Node attemptsNode = fields.get("attempts");
		int attempts = attemptsNode.integer(0, MOST, strict ? 0 : 2);
		attemptsNode.expect(!strict || attempts > 0 || fields.size() == 1,
				"at least 1, because there are other fields");
		Node perTryNode = fields.get("perTryTimeout");
		Duration perTryTimeout = perTryNode.duration();
		perTryNode.expect(perTryTimeout == null || !perTryTimeout.isZero(), "at least 1ms");
		RetryOn on = on(fields.get("retryOn"));
		Duration backoff = fields.get("backoff").duration();
		boolean otherEndpoints = fields.get("retryIgnorePreviousHosts").flag(true);
		fields.withoutEffect("retryRemoteLocalities", "retries go to other zones if the own one has no other instance");
		return new RetryRule(attempts, perTryTimeout, on, (backoff != null) ? backoff : RetryRule.DEFAULT_BACKOFF,
				otherEndpoints);
	}

	private static RetryOn on(Node node) {
		String text = node.text("");
		if (text.isBlank()) {
			return RetryOn.DEFAULT;
		}
		Set<RetryCondition> conditions = EnumSet.noneOf(RetryCondition.class);
		List<Integer> statuses = new ArrayList<>();
		for (String part : text.split(",", -1)) {
			String word = part.strip();
			RetryCondition condition = RetryCondition.parse(word);
			if (condition != null) {
				conditions.add(condition);
			}
			else if (word.matches("[1-5][0-9]{2}")) {
				statuses.add(Integer.valueOf(word));
			}
			else {
				other(node, word);
			}
		}
		return new RetryOn(conditions, statuses);
	}

	private static void other(Node node, String word) {
		if (WITHOUT_EFFECT.contains(word)) {
			node.findings()
				.add(FindingCode.NO_EFFECT, Severity.INFO, node.path(),
						word + " has no effect: it is not about calls of HTTP/1.1", null);
		}
		// Only the list of Envoy needs it; here a status stands for itself.
		else if (!word.equals("retriable-status-codes")) {
			node.invalid("statuses, and conditions such as 5xx, gateway-error and connect-failure, joined by commas",
					null);
		}
	}

}
