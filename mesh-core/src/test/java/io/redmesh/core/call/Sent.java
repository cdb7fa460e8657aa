package io.redmesh.core.call;

import java.util.HashSet;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/** The steps of calls without rules: all of them are attempts. */
public final class Sent {

	private Sent() {
	}

	public static Attempt sent(@Nullable Step step) {
		return (Attempt) step;
	}

	/**
	 * Makes a call and a hedge of it, of which all attempts break.
	 * @param plan the plan of the call
	 * @return the ids of all instances that were called
	 */
	public static Set<String> breaking(CallPlan plan) throws NoEndpointException {
		Set<String> called = new HashSet<>();
		CallPlan hedge = null;
		for (Attempt attempt = sent(plan.first()); attempt != null; attempt = sent(
				plan.after(Outcome.BROKEN, 0, null))) {
			called.add(attempt.instance().id());
			hedge = (hedge == null) ? plan.hedge() : hedge;
		}
		plan.release();
		if (hedge != null) {
			called.add(sent(hedge.first()).instance().id());
			hedge.after(Outcome.ABANDONED, 0, null);
		}
		return called;
	}

}
