package io.redmesh.chaos;

import java.util.List;

import io.redmesh.chaos.process.FaultyProxy;

/** The Redis of a run, with the faults that can be injected into it. */
interface Topology extends AutoCloseable {

	/** Starts Redis and waits until it can be used. */
	void start();

	/**
	 * Returns the properties by which a server reaches Redis.
	 * @param server the number of the server, from 0
	 * @return each as {@code name=value}
	 */
	List<String> properties(int server);

	/**
	 * Returns the networks between Redis and each server. They are empty where servers
	 * find its nodes by themselves.
	 */
	List<FaultyProxy> networks();

	List<FaultAction> faults();

	@Override
	void close();

}
