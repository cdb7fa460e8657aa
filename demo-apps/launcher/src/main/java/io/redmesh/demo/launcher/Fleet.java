package io.redmesh.demo.launcher;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * The running demo, whose members (<code>orders-1</code>, <code>registry-1</code>, …) can
 * be killed, stopped and started one by one.
 */
interface Fleet extends AutoCloseable {

	/** How many instances of each service run. */
	int ORDERS = 3;

	int INVENTORY = 2;

	int STOREFRONT = 1;

	/** The longest that a member may take to end by itself. */
	Duration STOP_TIMEOUT = Duration.ofSeconds(45);

	/** Starts what does not run yet and says so; returns when all processes exist. */
	void start(Console console) throws IOException, InterruptedException;

	/** Returns where the storefront listens, as seen from this machine. */
	URI storefront();

	/** Returns where the registry's servers listen, as seen from this machine. */
	List<URI> registries();

	/**
	 * Returns the members of a service, in a stable order; <code>registry</code> is one.
	 */
	List<String> members(String service);

	/** Ends a member without warning (SIGKILL) and returns when it is no more. */
	void kill(String member) throws IOException, InterruptedException;

	/** Asks a member to end (SIGTERM) and returns when it is no more. */
	void stop(String member) throws IOException, InterruptedException;

	/** Starts a member that ended; returns when its process exists. */
	void start(String member) throws IOException, InterruptedException;

	/** Returns what a member has written to its log so far, over all its lives. */
	List<String> log(String member) throws IOException, InterruptedException;

	/**
	 * Says whether the address of a killed member refuses connections; otherwise it is
	 * silent, and the registry learns of the death by the end of the lease.
	 */
	boolean refuses();

	/** Says whether the registry's data outlive its servers. */
	boolean durable();

	/** Ends all that was started; what was found running stays. */
	@Override
	void close();

}
