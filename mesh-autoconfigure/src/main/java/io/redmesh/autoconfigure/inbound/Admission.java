package io.redmesh.autoconfigure.inbound;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

import io.redmesh.autoconfigure.call.ServedRequest;
import io.redmesh.core.call.Deadline;
import io.redmesh.core.call.DeadlinePassedException;
import org.jspecify.annotations.Nullable;

/**
 * The admission control of incoming requests, before the app does any work for them.
 * <p>
 * Safe for use by many threads.
 */
final class Admission {

	private static final int MAX_DEPTH = 16;

	private final Map<Refusal, LongAdder> refused = new ConcurrentHashMap<>();

	private final ConcurrencyLimit limit;

	private final @Nullable String service;

	private final boolean reportLoad;

	/**
	 * Creates the admission control.
	 * @param service the name of this app's service, or null if the destination of a
	 * request is not checked
	 * @param limit the limit of requests in flight
	 * @param reportLoad whether responses report the load of this app
	 */
	Admission(@Nullable String service, ConcurrencyLimit limit, boolean reportLoad) {
		this.service = service;
		this.limit = limit;
		this.reportLoad = reportLoad;
	}

	/**
	 * Decides whether to serve a request.
	 * @param arrival its mesh headers
	 * @param priority its priority; a probe is never refused for load
	 * @param threadAvailable whether a thread may serve it
	 * @return an admission, which the caller must end, or a refusal
	 */
	Decision decide(MeshRequestHeaders arrival, RequestPriority priority, boolean threadAvailable) {
		if (this.service != null && arrival.destination() != null
				&& !this.service.equalsIgnoreCase(arrival.destination())) {
			return refuse(Refusal.MISDIRECTED);
		}
		Duration timeout = arrival.timeout();
		if (timeout != null && (timeout.isNegative() || timeout.isZero())) {
			return refuse(Refusal.DEADLINE);
		}
		if (priority == RequestPriority.PROBE) {
			return Admitted.probe(served(arrival), this.limit);
		}
		boolean vital = priority == RequestPriority.VITAL;
		boolean inTime = threadAvailable && (vital || this.limit.isInTime(timeout));
		int concurrency = inTime ? this.limit.tryEnter(vital || arrival.high()) : 0;
		if (concurrency == 0) {
			return refuse(Refusal.SHED);
		}
		return new Admitted(served(arrival), this.limit, !vital, concurrency);
	}

	private ServedRequest served(MeshRequestHeaders arrival) {
		Duration timeout = arrival.timeout();
		return new ServedRequest(arrival.attempt(),
				(timeout != null) ? Deadline.in(timeout, this.limit.now()) : Deadline.NONE);
	}

	/**
	 * Returns whether an admitted request failed only because its deadline had passed.
	 * Counts it as refused then.
	 * @param failure the failure of the request
	 * @return whether a call on its behalf was not sent because its deadline had passed
	 */
	boolean isTooLate(Throwable failure) {
		Throwable cause = failure;
		for (int depth = 0; cause != null && depth < MAX_DEPTH; depth++) {
			if (cause instanceof DeadlinePassedException) {
				refuse(Refusal.DEADLINE);
				return true;
			}
			cause = cause.getCause();
		}
		return false;
	}

	private Refusal refuse(Refusal refusal) {
		this.refused.computeIfAbsent(refusal, (none) -> new LongAdder()).increment();
		return refusal;
	}

	/**
	 * Returns the load report for the caller of a request.
	 * @param arrival the mesh headers of the request
	 * @return the value of the header, or null if the load is not reported or the caller
	 * sent no destination
	 */
	@Nullable String load(MeshRequestHeaders arrival) {
		if (!this.reportLoad || arrival.destination() == null) {
			return null;
		}
		int inFlight = this.limit.inFlight();
		long percent = Math.round(100.0 * inFlight / this.limit.limit());
		return "inflight=" + inFlight + ",util=" + percent / 100 + ((percent % 100 < 10) ? ".0" : ".") + percent % 100;
	}

	long count(Refusal refusal) {
		LongAdder count = this.refused.get(refusal);
		return (count != null) ? count.sum() : 0;
	}

	ConcurrencyLimit limit() {
		return this.limit;
	}

}
