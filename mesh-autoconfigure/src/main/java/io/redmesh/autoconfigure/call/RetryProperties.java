package io.redmesh.autoconfigure.call;

import java.time.Duration;
import java.util.Set;

import io.redmesh.core.call.HedgePolicy;
import io.redmesh.core.call.RetryPolicy;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.InvalidValueException;

import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

import static io.redmesh.autoconfigure.call.Ranges.requirePercentile;
import static io.redmesh.autoconfigure.call.Ranges.requireRange;
import static io.redmesh.autoconfigure.call.Ranges.requireShare;

/**
 * Settings of retries and hedges.
 *
 * @param maxAttempts Number of attempts that one call may make in all. A call is retried
 * only where that does no harm.
 * @param statuses Response statuses after which a call is retried at another instance, if
 * it may run twice.
 * @param firstDelay Longest backoff before the second attempt, doubled for each further
 * one. The backoff is random, and absent after an attempt that reached no instance.
 * @param maxDelay Longest backoff before any attempt.
 * @param budget Share of the calls of a service that may be retried or hedged, on average
 * over ten seconds.
 * @param budgetMinimum Number of retries and hedges that the calls of a service may make
 * in ten seconds on top of that share.
 * @param maxBodySize Size of the largest body that is sent again after an attempt that
 * may have been executed. A larger one is sent again only after an attempt that was
 * certainly not executed.
 * @param hedgeAfter Time after which an unanswered WebClient call is hedged: made at a
 * second instance as well, if it may run twice and the budget permits. The first response
 * wins. Zero means never, unless there is a percentile.
 * @param hedgePercentile Percentile of the latency of a service's calls, measured over
 * the last seconds, after which a call is hedged, but not before hedge-after. It is 50 to
 * 99, or 0 for none.
 */
public record RetryProperties(@DefaultValue("3") int maxAttempts, @DefaultValue( {
		"502", "503", "504" }) Set<Integer> statuses, @DefaultValue("25ms") Duration firstDelay,
		@DefaultValue("250ms") Duration maxDelay, @DefaultValue("0.2") double budget,
		@DefaultValue("3") int budgetMinimum, @DefaultValue("1MB") DataSize maxBodySize,
		@DefaultValue("0s") Duration hedgeAfter, @DefaultValue("0") int hedgePercentile){

	private static final DataSize MAX_BODY_SIZE = DataSize.ofGigabytes(1);

	private static final int MAX_BUDGET_MINIMUM = 1000;

	public RetryProperties {
		Instance.requireRange("maxAttempts", maxAttempts, 1, RetryPolicy.MAX_ATTEMPTS);
		statuses.forEach((status) -> Instance.requireRange("statuses", status, 400, 599));
		requireRange("maxDelay", maxDelay, Duration.ofMinutes(1));
		requireRange("firstDelay", firstDelay, maxDelay);
		requireShare("budget", budget);
		Instance.requireRange("budgetMinimum", budgetMinimum, 0, MAX_BUDGET_MINIMUM);
		if (maxBodySize.isNegative() || maxBodySize.compareTo(MAX_BODY_SIZE) > 0) {
			throw new InvalidValueException("maxBodySize", maxBodySize, "0B to 1GB");
		}
		requireRange("hedgeAfter", hedgeAfter, CallProperties.MAX_TIMEOUT);
		requirePercentile(hedgePercentile);
		statuses = Set.copyOf(statuses);
	}

	RetryPolicy policy() {
		return new RetryPolicy(this.maxAttempts, this.firstDelay, this.maxDelay, this.budget, this.budgetMinimum,
				new HedgePolicy(this.hedgeAfter, this.hedgePercentile));
	}

}
