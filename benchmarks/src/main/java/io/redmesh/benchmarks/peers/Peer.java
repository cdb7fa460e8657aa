package io.redmesh.benchmarks.peers;

import java.time.Duration;
import java.util.List;

import io.redmesh.benchmarks.load.Sample;
import org.jspecify.annotations.Nullable;

/**
 * A registry that runs in processes of its own. A pass is: register, the loads, leave.
 * The same thread does all of it.
 */
interface Peer extends AutoCloseable {

	int REGISTRARS = 16;

	int RENEWERS = 32;

	int READERS = 16;

	String name();

	/** What its figures add up. */
	List<ProcessHandle> processes();

	/** Waits until it has started. */
	void awaitReady() throws Exception;

	/** Registers each instance once. */
	Sample register(Population population) throws Exception;

	/** Renews the leases of those that are registered, one in each call. */
	@Nullable Sample renew(Duration time) throws Exception;

	/** Renews many in each call and counts leases. */
	default @Nullable Sample renewInBatches(Duration time) throws Exception {
		return null;
	}

	/** Reads one service with all of its instances. */
	Sample read(Duration time) throws Exception;

	/** All who are registered leave. */
	void leave() throws Exception;

	/** From before a registration until an app that watches knows the instance. */
	Sample visible(int trials) throws Exception;

}
