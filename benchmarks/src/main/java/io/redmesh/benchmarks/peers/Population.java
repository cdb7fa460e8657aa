package io.redmesh.benchmarks.peers;

import java.util.List;
import java.util.stream.IntStream;

import io.redmesh.benchmarks.load.RegistryRequests;

/**
 * The instances that are registered, the same for every peer. Each pass has its own
 * names, so that caches hold nothing of them from an earlier pass.
 *
 * @param pass the part of each name that differs between passes
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
	 * An instance.
	 *
	 * @param service the name of its service
	 * @param host its address
	 */
	record Member(String service, String host) implements RegistryRequests.Named {

	}

}
