package io.redmesh.autoconfigure.call;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import io.redmesh.core.call.CallPolicy;
import io.redmesh.core.call.HedgePolicy;
import io.redmesh.core.call.RetryPolicy;
import io.redmesh.core.endpoint.EjectionPolicy;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.InvalidValueException;
import io.redmesh.core.loadbalance.LoadBalancing;
import io.redmesh.core.outlier.OutlierPolicy;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

import static io.redmesh.autoconfigure.call.Ranges.requirePercentile;
import static io.redmesh.autoconfigure.call.Ranges.requireRange;
import static io.redmesh.autoconfigure.call.Ranges.requireShare;

/**
 * How this app calls the others.
 *
 * @param enabled Whether clients of this app call other services through the mesh.
 * @param loadBalancing How to choose among the instances of a service.
 * @param hashKey What calls that go to the same instance have in common, for consistent
 * and ring hash. One of header:, cookie: or query: with a name, or source-address for
 * where the request came from that is served. Calls without it go by chance.
 * @param weighByLoad Whether instances get fewer calls the busier they say they are
 * (Mesh-Load), with adaptive, least request, weighted round robin and weighted random.
 * @param timeout Time that a call may take with all its attempts until the answer begins.
 * Zero means any time.
 * @param attemptTimeout Time that one attempt may take until the answer begins, before it
 * is given up and, where that does no harm, made elsewhere. Zero means any time.
 * @param maxConcurrentCalls Number of calls of one service that may be under way at a
 * time, and so of connections to it that are in use. Zero means any number.
 * @param maxPendingCalls Number of calls beyond max-concurrent-calls that may wait until
 * others are over, at most for their timeout. Further ones fail at once.
 * @param domains Domains whose hosts may be services of the mesh, such as
 * mesh.example.com for the service orders.mesh.example.com, which is registered under
 * that whole name. A host with a dot that is in none of them is never taken for a
 * service.
 * @param slowStart Time in which an instance that joins others or comes back is given
 * less than its share of the calls.
 * @param retry What is tried again.
 * @param outlier Which instances are left out for a while.
 * @param services What is different for a service, by its name.
 */
@ConfigurationProperties("mesh.call")
public record CallProperties(@DefaultValue("true") boolean enabled,
		@DefaultValue("adaptive") LoadBalancing loadBalancing, @Nullable String hashKey,
		@DefaultValue("false") boolean weighByLoad, @DefaultValue("30s") Duration timeout,
		@DefaultValue("10s") Duration attemptTimeout, @DefaultValue("0") int maxConcurrentCalls,
		@DefaultValue("0") int maxPendingCalls, @DefaultValue Set<String> domains,
		@DefaultValue("5s") Duration slowStart, @DefaultValue Retry retry, @DefaultValue Outlier outlier,
		@DefaultValue Map<String, Service> services) {

	private static final Duration MAX_TIMEOUT = Duration.ofHours(1);

	private static final int MAX_CALLS = 1_000_000;

	private static final Duration MAX_SLOW_START = Duration.ofMinutes(10);

	public CallProperties {
		requireRange("timeout", timeout, MAX_TIMEOUT);
		requireRange("attemptTimeout", attemptTimeout, MAX_TIMEOUT);
		Instance.requireRange("maxConcurrentCalls", maxConcurrentCalls, 0, MAX_CALLS);
		Instance.requireRange("maxPendingCalls", maxPendingCalls, 0, MAX_CALLS);
		requireRange("slowStart", slowStart, MAX_SLOW_START);
		domains = domains.stream().map(Ranges::requireDomain).collect(Collectors.toUnmodifiableSet());
		services = Map.copyOf(services);
		if (hashKey != null) {
			HashKey.parse(hashKey);
		}
	}

	/**
	 * Returns how a service is called.
	 * @param name its name
	 * @return the policy
	 */
	CallPolicy policy(String name) {
		Service own = this.services.getOrDefault(name, Service.LIKE_ALL);
		return new CallPolicy((own.loadBalancing != null) ? own.loadBalancing : this.loadBalancing,
				own.of(this.retry.policy()), this.outlier.policy(), (own.timeout != null) ? own.timeout : this.timeout,
				(own.attemptTimeout != null) ? own.attemptTimeout : this.attemptTimeout,
				(own.maxConcurrentCalls != null) ? own.maxConcurrentCalls : this.maxConcurrentCalls,
				(own.maxPendingCalls != null) ? own.maxPendingCalls : this.maxPendingCalls);
	}

	/**
	 * Returns what calls that go to the same instance have in common.
	 * @return where it stands in requests
	 */
	HashKeys hashKeys() {
		Map<String, HashKey> own = new HashMap<>();
		this.services.forEach((name, service) -> {
			if (service.hashKey != null) {
				own.put(name, HashKey.parse(service.hashKey));
			}
		});
		return new HashKeys((this.hashKey != null) ? HashKey.parse(this.hashKey) : null, own);
	}

	/**
	 * Returns how requests ask for the instance that has served them before.
	 * @return the names of cookies, by the names of services
	 */
	Map<String, String> sessionCookies() {
		Map<String, String> cookies = new HashMap<>();
		this.services.forEach((name, service) -> {
			if (service.sessionCookie != null) {
				cookies.put(name, service.sessionCookie);
			}
		});
		return cookies;
	}

	/**
	 * Returns how instances are left out and come back.
	 * @return the policy
	 */
	EjectionPolicy ejection() {
		return new EjectionPolicy(this.outlier.firstEjection, this.outlier.maxEjection, this.outlier.maxEjectedShare,
				this.outlier.panicThreshold, this.slowStart);
	}

	/**
	 * What is tried again.
	 *
	 * @param maxAttempts Number of attempts that one call may make in all. A call is
	 * tried again only where that does no harm.
	 * @param statuses Statuses of answers after which a call is tried elsewhere if doing
	 * it twice does no harm.
	 * @param firstDelay Longest wait before the second attempt. The wait is up to chance,
	 * and there is none when nobody was reached.
	 * @param maxDelay Longest wait before any attempt.
	 * @param budget Share of the calls of a service that may be tried again, on average
	 * over ten seconds.
	 * @param budgetMinimum Number of calls of a service that may be tried again in ten
	 * seconds however few there are.
	 * @param maxBodySize Size of the largest body that is sent again when a receiver may
	 * have got it. Where none has, larger ones are sent elsewhere all the same.
	 * @param hedgeAfter Time after which a WebClient call that is still unanswered, and
	 * may be made twice, is made elsewhere as well, within the budget. The first answer
	 * wins. Zero means never, unless there is a percentile.
	 * @param hedgePercentile How many of a hundred calls of a service are faster than
	 * those that are made elsewhere as well, measured over the last seconds: 50 to 99, or
	 * 0 for none. They wait no less than hedge-after.
	 */
	public record Retry(@DefaultValue("3") int maxAttempts, @DefaultValue( {
			"502", "503", "504" }) Set<Integer> statuses, @DefaultValue("25ms") Duration firstDelay,
			@DefaultValue("250ms") Duration maxDelay, @DefaultValue("0.2") double budget,
			@DefaultValue("3") int budgetMinimum, @DefaultValue("1MB") DataSize maxBodySize,
			@DefaultValue("0s") Duration hedgeAfter, @DefaultValue("0") int hedgePercentile){

		private static final DataSize MAX_BODY_SIZE = DataSize.ofGigabytes(1);

		private static final int MAX_BUDGET_MINIMUM = 1000;

		public Retry {
			Instance.requireRange("maxAttempts", maxAttempts, 1, RetryPolicy.MAX_ATTEMPTS);
			statuses.forEach((status) -> Instance.requireRange("statuses", status, 400, 599));
			requireRange("maxDelay", maxDelay, Duration.ofMinutes(1));
			requireRange("firstDelay", firstDelay, maxDelay);
			requireShare("budget", budget);
			Instance.requireRange("budgetMinimum", budgetMinimum, 0, MAX_BUDGET_MINIMUM);
			if (maxBodySize.isNegative() || maxBodySize.compareTo(MAX_BODY_SIZE) > 0) {
				throw new InvalidValueException("maxBodySize", maxBodySize, "0B to 1GB");
			}
			requireRange("hedgeAfter", hedgeAfter, MAX_TIMEOUT);
			requirePercentile(hedgePercentile);
			statuses = Set.copyOf(statuses);
		}

		RetryPolicy policy() {
			return new RetryPolicy(this.maxAttempts, this.firstDelay, this.maxDelay, this.budget, this.budgetMinimum,
					new HedgePolicy(this.hedgeAfter, this.hedgePercentile));
		}

	}

	/**
	 * Which instances are left out for a while.
	 *
	 * @param consecutiveFailures Number of attempts in a row that must fail. Zero means
	 * that it does not matter.
	 * @param failureShare Share of the attempts of the last ten seconds that must fail.
	 * Zero means that it does not matter.
	 * @param minimumAttempts Number of attempts in ten seconds from which on shares
	 * count.
	 * @param firstEjection Time after which one call finds out whether an instance can be
	 * called again. Doubled each time that it cannot.
	 * @param maxEjection Longest time between two such calls.
	 * @param maxEjectedShare Largest share of the instances of a service that may be left
	 * out for how they answer. One always may. Those that nobody can connect to do not
	 * count.
	 * @param panicThreshold Share of instances that must be left. With fewer, those that
	 * answer badly are called again.
	 */
	public record Outlier(@DefaultValue("5") int consecutiveFailures, @DefaultValue("0.5") double failureShare,
			@DefaultValue("10") int minimumAttempts, @DefaultValue("1s") Duration firstEjection,
			@DefaultValue("8s") Duration maxEjection, @DefaultValue("0.5") double maxEjectedShare,
			@DefaultValue("0.5") double panicThreshold) {

		private static final int MAX = 10_000;

		private static final Duration MAX_EJECTION = Duration.ofMinutes(10);

		private static final Duration LEAST_EJECTION = Duration.ofMillis(100);

		public Outlier {
			Instance.requireRange("consecutiveFailures", consecutiveFailures, 0, MAX);
			requireShare("failureShare", failureShare);
			Instance.requireRange("minimumAttempts", minimumAttempts, 1, MAX);
			requireRange("maxEjection", maxEjection, MAX_EJECTION);
			if (firstEjection.compareTo(LEAST_EJECTION) < 0 || firstEjection.compareTo(maxEjection) > 0) {
				throw new InvalidValueException("firstEjection", firstEjection, "0.1s to maxEjection");
			}
			requireShare("maxEjectedShare", maxEjectedShare);
			requireShare("panicThreshold", panicThreshold);
		}

		OutlierPolicy policy() {
			return new OutlierPolicy(this.consecutiveFailures, this.failureShare, this.minimumAttempts);
		}

	}

	/**
	 * What is different for one service.
	 *
	 * @param loadBalancing How to choose among its instances.
	 * @param hashKey What calls that go to the same instance have in common.
	 * @param sessionCookie Name of a cookie by which a request asks for the instance that
	 * has served it before. Answers of another one set it, for the app to pass on.
	 * @param timeout Time that a call may take with all its attempts until the answer
	 * begins.
	 * @param attemptTimeout Time that one attempt may take until the answer begins.
	 * @param maxConcurrentCalls Number of its calls that may be under way at a time.
	 * @param maxPendingCalls Number of its calls that may wait until others are over.
	 * @param maxAttempts Number of attempts that one call may make in all.
	 * @param hedgeAfter Time after which an unanswered WebClient call is made elsewhere
	 * as well.
	 * @param hedgePercentile How many of a hundred calls are faster than those that are
	 * made elsewhere as well.
	 */
	public record Service(@Nullable LoadBalancing loadBalancing, @Nullable String hashKey,
			@Nullable String sessionCookie, @Nullable Duration timeout, @Nullable Duration attemptTimeout,
			@Nullable Integer maxConcurrentCalls, @Nullable Integer maxPendingCalls, @Nullable Integer maxAttempts,
			@Nullable Duration hedgeAfter, @Nullable Integer hedgePercentile) {

		private static final Service LIKE_ALL = new Service(null, null, null, null, null, null, null, null, null, null);

		public Service {
			if (hashKey != null) {
				HashKey.parse(hashKey);
			}
			if (sessionCookie != null) {
				StickyCookie.requireCookieName(sessionCookie);
			}
			requireRange("timeout", timeout, MAX_TIMEOUT);
			requireRange("attemptTimeout", attemptTimeout, MAX_TIMEOUT);
			requireRange("maxConcurrentCalls", maxConcurrentCalls, 0, MAX_CALLS);
			requireRange("maxPendingCalls", maxPendingCalls, 0, MAX_CALLS);
			requireRange("maxAttempts", maxAttempts, 1, RetryPolicy.MAX_ATTEMPTS);
			requireRange("hedgeAfter", hedgeAfter, MAX_TIMEOUT);
			requirePercentile(hedgePercentile);
		}

		private RetryPolicy of(RetryPolicy retries) {
			RetryPolicy own = (this.maxAttempts != null) ? retries.withMaxAttempts(this.maxAttempts) : retries;
			HedgePolicy hedging = retries.hedging();
			return own.with(new HedgePolicy((this.hedgeAfter != null) ? this.hedgeAfter : hedging.after(),
					(this.hedgePercentile != null) ? this.hedgePercentile : hedging.percentile()));
		}

	}

}
