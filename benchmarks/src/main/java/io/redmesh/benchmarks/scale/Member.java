package io.redmesh.benchmarks.scale;

import java.util.List;
import java.util.stream.IntStream;

import io.redmesh.benchmarks.load.RegistryRequests.Named;

/**
 * An instance of the mesh, identified by its number. The server connects to the address
 * of each instance that registers. So the addresses belong to this machine, and no
 * process listens there.
 *
 * @param number the number, from zero
 */
record Member(int number) implements Named {

	static final int SERVICES = 500;

	// The number of values of a part of an address.
	private static final int PART = 250;

	static List<Member> range(int from, int to) {
		return IntStream.range(from, to).mapToObj(Member::new).toList();
	}

	static String service(int number) {
		return "orders-" + number;
	}

	@Override
	public String service() {
		return service(this.number % SERVICES);
	}

	@Override
	public String host() {
		return "127.%d.%d.%d".formatted(1 + this.number / (PART * PART), this.number / PART % PART,
				1 + this.number % PART);
	}

	/** Returns the number that belongs to the last three parts of an address. */
	static int number(int second, int third, int fourth) {
		return ((second - 1) * PART + third) * PART + fourth - 1;
	}

}
