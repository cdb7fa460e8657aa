package io.redmesh.core.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports for servers that start later, or stop and start again. They lie below those that
 * the system gives away, of which another process could take one meanwhile. The harness
 * in {@code chaos} has ports of its own, since no main code may see this test class.
 */
public final class StablePorts {

	private static final int FIRST = 22_000;

	private static final int COUNT = 10_000;

	private static final Set<Integer> taken = ConcurrentHashMap.newKeySet();

	private StablePorts() {
	}

	/** Returns a port that is free, and that no other caller in this JVM gets. */
	public static int free() {
		while (true) {
			int port = FIRST + ThreadLocalRandom.current().nextInt(COUNT);
			if (isFree(port) && taken.add(port)) {
				return port;
			}
		}
	}

	private static boolean isFree(int port) {
		try (ServerSocket socket = new ServerSocket()) {
			socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

}
