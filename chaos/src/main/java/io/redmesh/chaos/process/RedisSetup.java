package io.redmesh.chaos.process;

import java.util.List;

/** A Redis of one process or of many. */
public interface RedisSetup extends AutoCloseable {

	/** Starts Redis and waits until it can be used. */
	void start();

	/** Returns the properties by which a server reaches Redis, as {@code name=value}. */
	List<String> properties();

	@Override
	void close();

}
