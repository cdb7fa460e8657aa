package io.redmesh.benchmarks.peers;

import java.time.Duration;
import java.util.List;

import io.redmesh.benchmarks.load.Sample;
import org.jspecify.annotations.Nullable;

/**
 * A registry that is measured, in processes of its own. A pass consists of registration,
 * the loads and deregistration. One thread calls all methods.
 */
interface Peer extends AutoCloseable {

	int REGISTRARS = 16;

	int RENEWERS = 32;

	int READERS = 16;

	String name();

	/** Returns the processes whose processor time counts. */
	List<ProcessHandle> processes();

	/** Waits until the registry has started. */
	void awaitReady() throws Exception;

	/** Registers each instance once. */
	Sample register(Population population) throws Exception;

	/**
	 * Renews the leases of the registered instances, one in each call; null if the
	 * registry has no renewals.
	 */
	@Nullable Sample renew(Duration time) throws Exception;

	/** Renews many leases in each call and counts leases; null if it cannot do so. */
	default @Nullable Sample renewInBatches(Duration time) throws Exception {
		return null;
	}

	/** Reads one service with all of its instances. */
	Sample read(Duration time) throws Exception;

	/** Deregisters all instances. */
	void deregisterAll() throws Exception;

	/**
	 * Measures from before a registration until an app that watches knows the instance.
	 */
	Sample visible(int trials) throws Exception;

}
