package io.redmesh.core.traffic;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The ends of an attempt that permit a retry.
 *
 * @param conditions the conditions
 * @param statuses further statuses of responses
 */
public record RetryOn(Set<RetryCondition> conditions, List<Integer> statuses) {

	/** The ends that permit a retry when a rule does not say which, as in Istio. */
	public static final RetryOn DEFAULT = new RetryOn(
			EnumSet.of(RetryCondition.CONNECT_FAILURE, RetryCondition.REFUSED_STREAM), List.of());

	public RetryOn {
		conditions = Set.copyOf(conditions);
		statuses = List.copyOf(statuses);
	}

	/**
	 * Returns whether a response permits a retry.
	 * @param status its status
	 * @return whether it does
	 */
	public boolean status(int status) {
		return this.statuses.contains(status)
				|| this.conditions.stream().anyMatch((condition) -> condition.includes(status));
	}

	/**
	 * Returns whether an attempt permits a retry that was sent and got no response.
	 * @return whether it does
	 */
	public boolean noResponse() {
		return this.conditions.contains(RetryCondition.RESET) || this.conditions.contains(RetryCondition.SERVER_ERROR)
				|| this.conditions.contains(RetryCondition.GATEWAY_ERROR);
	}

	/**
	 * Returns whether an attempt permits a retry that got a connection and was not sent.
	 * @return whether it does
	 */
	public boolean notSent() {
		return noResponse() || this.conditions.contains(RetryCondition.RESET_BEFORE_REQUEST);
	}

	/**
	 * Returns whether an attempt permits a retry that got no connection.
	 * @return whether it does
	 */
	public boolean noConnection() {
		return notSent() || this.conditions.contains(RetryCondition.CONNECT_FAILURE);
	}

	/**
	 * Returns whether an attempt permits a retry whose receiver says that it did nothing.
	 * @return whether it does
	 */
	public boolean refused() {
		return noResponse() || this.conditions.contains(RetryCondition.REFUSED_STREAM);
	}

}
