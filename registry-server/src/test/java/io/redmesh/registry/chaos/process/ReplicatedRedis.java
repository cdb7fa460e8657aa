package io.redmesh.registry.chaos.process;

import java.util.List;

import org.jspecify.annotations.Nullable;

/** A Redis of which a replica takes over when its master has gone for two seconds. */
public interface ReplicatedRedis extends RedisSetup {

	/** Waits until the master is there, and all replicas with it. */
	void awaitHealth();

	/** The master, or of many the one that holds the namespace; null if there is none. */
	@Nullable RedisProcess master();

	/**
	 * The port of whom those who decide call the master, or who holds the namespace; 0
	 * while nobody does.
	 */
	int decidedPort();

	/** The replicas of the master. */
	List<RedisProcess> replicas();

	/** Those who only decide who is the master. */
	List<RedisProcess> sentinels();

	/** Asks for a replica to become the master. */
	void failOver();

}
