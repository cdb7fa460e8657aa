package io.redmesh.registry.chaos;

import java.nio.file.Path;

/** The kinds of Redis that a registry can have. */
enum TopologyKind {

	SINGLE, SENTINEL, CLUSTER;

	Topology create(Path directory, int servers) {
		return switch (this) {
			case SINGLE -> new SingleTopology(directory, servers);
			case SENTINEL, CLUSTER -> throw new UnsupportedOperationException(name());
		};
	}

}
