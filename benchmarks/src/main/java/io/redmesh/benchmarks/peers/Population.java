package io.redmesh.benchmarks.peers;

import java.util.List;
import java.util.stream.IntStream;

import io.redmesh.benchmarks.load.RegistryRequests;

/**
 * The instances that are registered, the same for every peer. Each pass has names of its
 * own: nothing is left of an earlier one in a cache.
 *
 * @param pass part of each name
 */
record Population(String pass) {

	static final int INSTANCES = 5_000;

	static final int SERVICES = 50;

	static final int INSTANCES_OF_SERVICE = INSTANCES / SERVICES;

	List<Member> members() {
		return IntStream.range(0, INSTANCES)
			.mapToObj((i) -> new Member(service(i % SERVICES), "127.20.%d.%d".formatted(i / 250, 1 + i % 250)))
			.toList();
	}

	String service(int number) {
		return "orders-%s-%d".formatted(this.pass, number);
	}

	/**
	 * One instance.
	 *
	 * @param service its service
	 * @param host where it runs
	 */
	record Member(String service, String host) implements RegistryRequests.Named {

	}

}
