package io.redmesh.registry.chaos;

import java.util.List;

import io.redmesh.registry.chaos.process.FaultyProxy;

/** The Redis of a run, and what can be done to it. */
interface Topology extends AutoCloseable {

	/** Starts it and waits until it can be used. */
	void start();

	/**
	 * How a server reaches it.
	 * @param server counted from 0
	 * @return as {@code name=value}
	 */
	List<String> properties(int server);

	/** The networks between it and each server, or none where servers find it by name. */
	List<FaultyProxy> networks();

	List<FaultAction> faults();

	@Override
	void close();

}
