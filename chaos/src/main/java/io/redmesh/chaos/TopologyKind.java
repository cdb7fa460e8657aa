package io.redmesh.chaos;

import java.nio.file.Path;

import io.redmesh.chaos.process.RedisClusterNodes;
import io.redmesh.chaos.process.RedisSentinels;

/** The kinds of Redis that a registry can use. */
enum TopologyKind {

	/** A single process. */
	SINGLE,

	/** Sentinel, with a master that refuses writes when it has no replica. */
	SENTINEL,

	/** Sentinel, with a master that does not: writes are lost when it is replaced. */
	SENTINEL_UNSAFE,

	/** A Redis Cluster. */
	CLUSTER;

	Topology create(Path directory, int servers) {
		return switch (this) {
			case SINGLE -> new SingleTopology(directory, servers);
			case SENTINEL -> new ReplicatedTopology(RedisSentinels.safe(directory));
			case SENTINEL_UNSAFE -> new ReplicatedTopology(new RedisSentinels(directory));
			case CLUSTER -> new ReplicatedTopology(new RedisClusterNodes(directory));
		};
	}

}
