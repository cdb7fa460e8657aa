package io.redmesh.registry.chaos.process;

import java.util.List;

/** A Redis of one process or of many. */
public interface RedisSetup extends AutoCloseable {

	/** Starts it and waits until it can be used. */
	void start();

	/** How a server reaches it, as {@code name=value}. */
	List<String> properties();

	@Override
	void close();

}
