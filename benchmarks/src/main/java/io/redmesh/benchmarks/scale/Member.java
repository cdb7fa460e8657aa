package io.redmesh.benchmarks.scale;

import java.util.List;
import java.util.stream.IntStream;

import io.redmesh.benchmarks.load.RegistryRequests.Named;

/**
 * One instance of the mesh, known by its number. The server knocks at the address of each
 * that registers: it is one of this machine, where nobody listens.
 *
 * @param number from zero
 */
record Member(int number) implements Named {

	static final int SERVICES = 500;

	// What each part of an address counts up to.
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

	/** Finds the number by the last three parts of the address. */
	static int number(int second, int third, int fourth) {
		return ((second - 1) * PART + third) * PART + fourth - 1;
	}

}
