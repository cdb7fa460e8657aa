package io.redmesh.chaos.process;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A Redis in which a replica takes over when the master has been down for two seconds.
 */
public interface ReplicatedRedis extends RedisSetup {

	/** Waits until the master runs, and all replicas are connected to it. */
	void awaitHealth();

	/** Returns the master that holds the namespace, or null if there is none. */
	@Nullable RedisProcess master();

	/**
	 * Returns the port of the elected master, 0 while there is none. That is the master
	 * of the Sentinels, or the node of a Cluster that holds the namespace.
	 */
	int decidedPort();

	/** Returns the replicas of the master. */
	List<RedisProcess> replicas();

	/** Returns the Sentinels, which only elect the master. A Cluster has none. */
	List<RedisProcess> sentinels();

	/** Asks Redis to make a replica the master. */
	void failOver();

}
