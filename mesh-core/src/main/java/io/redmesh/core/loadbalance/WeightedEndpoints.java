package io.redmesh.core.loadbalance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

import io.redmesh.core.endpoint.Endpoint;
import io.redmesh.core.instance.Instance;

/**
 * The endpoints of a list with their weights. Endpoints of zero weight are left out,
 * unless all have zero weight, which means that none is preferred.
 */
final class WeightedEndpoints {

	private static final Comparator<Endpoint> BY_ID = Comparator.comparing((endpoint) -> endpoint.instance().id());

	private final List<Endpoint> candidates;

	private final Endpoint[] endpoints;

	private final int[] weights;

	private final long total;

	private final float mean;

	private WeightedEndpoints(List<Endpoint> candidates, Endpoint[] endpoints, int[] weights) {
		this.candidates = candidates;
		this.endpoints = endpoints;
		this.weights = weights;
		this.total = Arrays.stream(weights).asLongStream().sum();
		this.mean = (float) this.total / weights.length;
	}

	static WeightedEndpoints of(List<Endpoint> candidates) {
		return of(candidates, candidates);
	}

	/** Returns the endpoints ordered by id, which is the same in every process. */
	static WeightedEndpoints byId(List<Endpoint> candidates) {
		List<Endpoint> sorted = new ArrayList<>(candidates);
		sorted.sort(BY_ID);
		return of(candidates, sorted);
	}

	private static WeightedEndpoints of(List<Endpoint> candidates, List<Endpoint> ordered) {
		Endpoint[] endpoints = new Endpoint[ordered.size()];
		int[] weights = new int[endpoints.length];
		int count = 0;
		for (Endpoint endpoint : ordered) {
			int weight = endpoint.instance().weight();
			if (weight > 0) {
				endpoints[count] = endpoint;
				weights[count] = weight;
				count++;
			}
		}
		if (count == 0) {
			ordered.toArray(endpoints);
			Arrays.fill(weights, 1);
			count = endpoints.length;
		}
		return new WeightedEndpoints(candidates, Arrays.copyOf(endpoints, count), Arrays.copyOf(weights, count));
	}

	/** Returns whether these are the endpoints of that very list object. */
	boolean areOf(List<Endpoint> candidates) {
		return this.candidates == candidates;
	}

	boolean areTheSameAs(WeightedEndpoints other) {
		return Arrays.equals(this.endpoints, other.endpoints) && Arrays.equals(this.weights, other.weights);
	}

	int size() {
		return this.endpoints.length;
	}

	Endpoint endpoint(int index) {
		return this.endpoints[index];
	}

	int weight(int index) {
		return this.weights[index];
	}

	/**
	 * Returns the weight at the moment: less during slow start or under reported load.
	 */
	double weight(int index, long nanos) {
		return (double) this.weights[index] * RejectionSampling.portion(this.endpoints[index], nanos);
	}

	float mean() {
		return this.mean;
	}

	int largestWeight() {
		return Arrays.stream(this.weights).max().orElse(0);
	}

	long total() {
		return this.total;
	}

	/** Returns the hash of the endpoint, equal in every process and incarnation. */
	long hash(int index) {
		Instance instance = this.endpoints[index].instance();
		return KeyHash.of(instance.service() + "/" + instance.id());
	}

	long inFlight() {
		long sum = 0;
		for (Endpoint endpoint : this.endpoints) {
			sum += endpoint.inFlight();
		}
		return sum;
	}

}
