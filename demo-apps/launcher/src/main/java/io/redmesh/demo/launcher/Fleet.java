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

	/** The number of instances of orders. */
	int ORDERS = 3;

	/** The number of instances of inventory. */
	int INVENTORY = 2;

	/** The number of instances of the storefront. */
	int STOREFRONT = 1;

	/** The time within which a member must end by itself. */
	Duration STOP_TIMEOUT = Duration.ofSeconds(45);

	/**
	 * Starts the members that do not run yet and prints what it has started or found;
	 * returns when all processes exist.
	 */
	void start(Console console) throws IOException, InterruptedException;

	/** Returns the address of the storefront, as seen from this machine. */
	URI storefront();

	/** Returns the addresses of the registry servers, as seen from this machine. */
	List<URI> registries();

	/**
	 * Returns the members of a service in a stable order; <code>registry</code> is a
	 * service, too.
	 */
	List<String> members(String service);

	/** Kills a member (SIGKILL) and returns when its process has ended. */
	void kill(String member) throws IOException, InterruptedException;

	/** Stops a member (SIGTERM) and returns when its process has ended. */
	void stop(String member) throws IOException, InterruptedException;

	/** Starts a member that ended; returns when its process exists. */
	void start(String member) throws IOException, InterruptedException;

	/** Returns the lines of a member's log so far, over all its restarts. */
	List<String> log(String member) throws IOException, InterruptedException;

	/**
	 * Tells whether the address of a killed member refuses connections. Otherwise it is
	 * silent, and only the end of the lease tells the registry.
	 */
	boolean refuses();

	/** Ends all members that this fleet started; those that were running before stay. */
	@Override
	void close();

}
