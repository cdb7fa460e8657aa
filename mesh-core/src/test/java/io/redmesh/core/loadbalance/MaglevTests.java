package io.redmesh.core.loadbalance;

import java.util.Arrays;

import io.redmesh.core.endpoint.Endpoint;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MaglevTests extends ConsistentHashContract {

	@Override
	LoadBalancer create(double balanceFactor) {
		return LoadBalancer.consistentHash(balanceFactor);
	}

	@Override
	double tolerance() {
		return 0.001;
	}

	@Test
	void theSlotsAreSharedEvenlyToTheLast() {
		int[] weights = new int[100];
		Arrays.fill(weights, 100);
		assertThat(slots(weights)).containsOnly(2_621, 2_622);
	}

	@Test
	void theSlotsFollowTheWeights() {
		int[] slots = slots(100, 300, 600);
		assertThat(slots[0]).isBetween(26_213, 26_216);
		assertThat(slots[1]).isBetween(78_643, 78_646);
		assertThat(slots[2]).isBetween(157_286, 157_290);
	}

	private static int[] slots(int... weights) {
		WeightedEndpoints weighted = WeightedEndpoints.byId(endpoints(weights));
		Maglev maglev = Maglev.of(weighted);
		int[] counts = new int[weights.length];
		for (long slot = 0; slot < Maglev.SIZE; slot++) {
			// The smallest hash that falls into the slot.
			long hash = (((slot << 32) + Maglev.SIZE - 1) / Maglev.SIZE) << 32;
			Endpoint endpoint = weighted.endpoint(maglev.indexOf(hash));
			counts[Integer.parseInt(endpoint.instance().id())]++;
		}
		return counts;
	}

}
