package io.redmesh.core.traffic.document;

import java.time.Duration;

import io.redmesh.core.traffic.OutlierRule;
import io.redmesh.core.traffic.RetryBudgetRule;

/**
 * A reader of {@code outlierDetection} and {@code retryBudget}, with Istio's defaults.
 */
final class OutlierReader {

	private static final int MANY = 1_000_000;

	private static final Duration BASE_EJECTION_TIME = Duration.ofSeconds(30);

	private OutlierReader() {
	}

	static OutlierRule outliers(Fields fields) {
		int errors = fields.get("consecutive5xxErrors").integer(0, MANY, 5);
		fields.oneOf("consecutiveGatewayErrors", "consecutiveErrors");
		int gatewayErrors = fields.deprecated("consecutiveErrors", "consecutive5xxErrors or consecutiveGatewayErrors")
			.integer(0, MANY, 0);
		gatewayErrors = fields.get("consecutiveGatewayErrors").integer(0, MANY, gatewayErrors);
		boolean split = fields.get("splitExternalLocalOriginErrors").flag(false);
		Node local = fields.get("consecutiveLocalOriginFailures");
		int localErrors = local.integer(0, MANY, 5);
		local.expect(split || local.isAbsent(), "no value, unless splitExternalLocalOriginErrors is true");
		fields.withoutEffect("interval", "an endpoint is ejected by the failure that is one too many");
		fields.unsupported("outlierDetectionHttpErrorCodes", "an outlier is judged by statuses of 500 to 599");
		Node base = fields.get("baseEjectionTime");
		Duration time = base.duration();
		base.expect(time == null || !time.isZero(), "at least 1ms");
		return new OutlierRule(errors, gatewayErrors, split ? localErrors : null,
				(time != null) ? time : BASE_EJECTION_TIME, fields.get("maxEjectionPercent").integer(0, 100, 10),
				fields.get("minHealthPercent").integer(0, 100, 0));
	}

	static RetryBudgetRule retryBudget(Fields fields) {
		fields.withoutEffect("budgetInterval", "only calls in flight count");
		return new RetryBudgetRule(fields.get("percent").number(0, 100, 20),
				fields.get("minRetryConcurrency").integer(0, MANY, 3));
	}

}
