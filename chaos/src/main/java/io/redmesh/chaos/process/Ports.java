package io.redmesh.chaos.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Ports for processes that end and restart. They lie below those that the system gives to
 * outgoing connections, one of which could take the port meanwhile. They are also low
 * enough for the bus of a Redis Cluster, which needs the port 10000 above.
 */
public final class Ports {

	private static final int FIRST = 10_000;

	private static final int COUNT = 12_000;

	private static final int BUS = 10_000;

	private static final Random random = new Random();

	private static final Set<Integer> taken = ConcurrentHashMap.newKeySet();

	private Ports() {
	}

	/**
	 * Finds a free port.
	 * @return a port that this JVM has not returned before
	 */
	public static int free() {
		while (true) {
			int port = FIRST + random.nextInt(COUNT);
			if (isFree(port) && isFree(port + BUS) && taken.add(port)) {
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
