package io.redmesh.autoconfigure.inbound;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

import io.redmesh.autoconfigure.call.ServedRequest;
import io.redmesh.core.call.DeadlinePassedException;
import org.jspecify.annotations.Nullable;

/**
 * Decides which requests are served, before any work is done for them.
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
	 * Creates it.
	 * @param service what this app is called, or null if it does not mind
	 * @param limit how many may be served at the same time
	 * @param reportLoad whether callers are told how busy it is
	 */
	Admission(@Nullable String service, ConcurrencyLimit limit, boolean reportLoad) {
		this.service = service;
		this.limit = limit;
		this.reportLoad = reportLoad;
	}

	/**
	 * Decides on a request.
	 * @param arrival what its headers say
	 * @param priority how much it matters; a probe is never refused for load
	 * @param thread whether there is a thread to serve it
	 * @return an admission, to be ended by the caller, or a refusal
	 */
	Decision decide(MeshRequestHeaders arrival, RequestPriority priority, boolean thread) {
		if (this.service != null && arrival.destination() != null
				&& !this.service.equalsIgnoreCase(arrival.destination())) {
			return refuse(Refusal.MISDIRECTED);
		}
		if (arrival.limited() && arrival.remaining() <= 0) {
			return refuse(Refusal.DEADLINE);
		}
		if (priority == RequestPriority.PROBE) {
			return Admitted.probe(served(arrival), this.limit);
		}
		boolean vital = priority == RequestPriority.VITAL;
		boolean inTime = thread && (vital || this.limit.isInTime(arrival.limited() ? arrival.remaining() : null));
		int amongst = inTime ? this.limit.tryEnter(vital || arrival.high()) : 0;
		if (amongst == 0) {
			return refuse(Refusal.SHED);
		}
		return new Admitted(served(arrival), this.limit, !vital, amongst);
	}

	private ServedRequest served(MeshRequestHeaders arrival) {
		return new ServedRequest(arrival.attempt(), arrival.limited(), this.limit.now() + arrival.remaining());
	}

	/**
	 * Tells whether a request that was let through has failed only because nobody waits
	 * for it any more. It counts as refused then.
	 * @param failure why it has failed
	 * @return whether a call on its behalf was not made since it would come too late
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
	 * Tells the caller of a request how busy this app is.
	 * @param arrival what the headers of the request say
	 * @return the value of the header, or null if its caller does not care
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
