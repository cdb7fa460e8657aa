package io.redmesh.core.endpoint;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

import io.redmesh.core.instance.Locality;

/**
 * The candidates by distance (same zone, same region, anywhere), and the share of the
 * calls that goes to each distance: as much as the nearest can take, then to the next.
 * After the priority levels of Envoy and its overprovisioning factor of 1.4.
 * <p>
 * A zone with fewer healthy instances than the largest zone takes only part of the calls,
 * so that the first instance of a zone to come back is not called for the whole zone. A
 * zone in slow start takes that much less.
 * <p>
 * Safe for use by many threads.
 */
final class Tiers {

	private static final double OVERPROVISIONING = 1.4;

	/** The calls of an instance of a smaller zone, relative to one of a full zone. */
	private static final double UNEVENNESS = 1.1;

	private static final int PERCENT = 100;

	/** The golden ratio: any hundred consecutive calls are spread in proportion. */
	private static final int STEP = 0x9E3779B9;

	private final AtomicInteger sequence = new AtomicInteger();

	private final List<Tier> tiers;

	/** The upper limit of each tier, in cumulative percent of the calls. */
	private final int[] limits;

	private final Supplier<? extends RandomGenerator> random;

	private volatile boolean warm;

	private Tiers(List<Tier> tiers, int[] limits, Supplier<? extends RandomGenerator> random) {
		this.tiers = tiers;
		this.limits = limits;
		this.random = random;
	}

	static Tiers of(List<Endpoint> candidates, List<Endpoint> up, Locality own,
			Supplier<? extends RandomGenerator> random) {
		List<Tier> tiers = new ArrayList<>(Tier.MAX);
		for (int distance = 0; distance < Tier.MAX; distance++) {
			int here = distance;
			List<Endpoint> endpoints = candidates.stream().filter((one) -> distance(one, own) == here).toList();
			if (!endpoints.isEmpty()) {
				tiers.add(new Tier(distance, endpoints));
			}
		}
		if (tiers.size() < 2) {
			return new Tiers(List.of(new Tier(0, candidates)), new int[] { PERCENT }, random);
		}
		return new Tiers(List.copyOf(tiers), limits(tiers, up, own), random);
	}

	private static int[] limits(List<Tier> tiers, List<Endpoint> up, Locality own) {
		int largest = largest(up.stream().map(Tiers::zone).toList());
		int[] limits = new int[tiers.size()];
		double left = 1;
		for (int i = 0; i < limits.length; i++) {
			Tier tier = tiers.get(i);
			double healthy = tier.endpoints().size();
			double all = up.stream().filter((one) -> distance(one, own) == tier.distance()).count();
			left -= Math.min(left, Math.min(OVERPROVISIONING * healthy / all, UNEVENNESS * healthy / largest));
			limits[i] = (int) Math.round(PERCENT * (1 - left));
		}
		// The calls that no tier can take are spread in the same proportions.
		double taken = 1 - left;
		for (int i = 0; left > 0 && i < limits.length; i++) {
			limits[i] = (int) Math.round(limits[i] / taken);
		}
		limits[limits.length - 1] = PERCENT;
		return limits;
	}

	private static int largest(Collection<Locality> zones) {
		return zones.stream()
			.collect(Collectors.groupingBy(Function.identity(), Collectors.summingInt((one) -> 1)))
			.values()
			.stream()
			.max(Integer::compare)
			.orElse(1);
	}

	private static Locality zone(Endpoint endpoint) {
		Locality locality = endpoint.instance().locality();
		return new Locality(locality.region(), locality.zone(), "");
	}

	// An app without a locality is near to all instances.
	private static int distance(Endpoint endpoint, Locality own) {
		Locality other = endpoint.instance().locality();
		if (own.zone().isEmpty() && own.region().isEmpty()) {
			return 0;
		}
		if (!own.region().equals(other.region())) {
			return 2;
		}
		return (own.zone().isEmpty() || own.zone().equals(other.zone())) ? 0 : 1;
	}

	/**
	 * Returns the tier of a call.
	 * @param nanos the monotonic time now
	 * @return the tier
	 */
	Tier tier(long nanos) {
		return (this.limits.length == 1) ? this.tiers.get(0) : tier(this.sequence.getAndAdd(STEP), nanos);
	}

	/** Returns the tier of the next call, without counting it. */
	Tier next(long nanos) {
		return (this.limits.length == 1) ? this.tiers.get(0) : tier(this.sequence.get(), nanos);
	}

	private Tier tier(int number, long nanos) {
		long percent = (Integer.toUnsignedLong(number) * PERCENT) >>> Integer.SIZE;
		int i = 0;
		while (percent >= this.limits[i]) {
			i++;
		}
		return this.tiers.get(this.warm ? i : warmFrom(i, nanos));
	}

	/**
	 * Returns the index of the tier that takes a call; what a tier in slow start does not
	 * take goes to the next.
	 */
	private int warmFrom(int first, long nanos) {
		boolean all = true;
		for (Tier tier : this.tiers) {
			all &= tier.warmth(nanos) == 1;
		}
		this.warm = all;
		int i = first;
		while (i < this.limits.length - 1 && this.random.get().nextFloat() >= this.tiers.get(i).warmth(nanos)) {
			i++;
		}
		return i;
	}

}
