package io.redmesh.autoconfigure.registration;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The addresses and names of this machine, and the rules which of them other machines can
 * use. Blocks while names are resolved.
 */
final class LocalAddress {

	/** The port for a URL without one. Any port will do, since nothing is sent. */
	private static final int DISCARD_PORT = 9;

	private LocalAddress() {
	}

	/**
	 * Finds the source address of the route to the registry, which is the right one of
	 * several networks. Connecting a datagram socket only asks the routing table; it
	 * sends no packet.
	 * @return the address, or null while there is no such route
	 */
	static @Nullable String towards(List<URI> registry) {
		for (URI url : registry) {
			try (DatagramSocket socket = new DatagramSocket()) {
				int port = (url.getPort() > 0) ? url.getPort() : DISCARD_PORT;
				socket.connect(new InetSocketAddress(resolve(url), port));
				InetAddress local = socket.getLocalAddress();
				if (!local.isAnyLocalAddress()) {
					return text(local);
				}
			}
			catch (IOException | IllegalArgumentException ex) {
				// The next URL may have a route. If not, a request reports the cause.
			}
		}
		return null;
	}

	/**
	 * Refuses an address that only this machine can use while the registry, and so other
	 * instances, run elsewhere.
	 */
	static void requireReachable(String host, String property, List<URI> registry) {
		try {
			if (InetAddress.getByName(host).isLoopbackAddress() && !isHere(registry)) {
				throw new IllegalStateException(property + " is " + host + ", which only this machine can reach, but "
						+ "the registry " + registry + " is elsewhere. Set mesh.instance.host to an address that "
						+ "other machines can reach, or remove it");
			}
		}
		catch (UnknownHostException ex) {
			// Other machines may resolve a name that this machine does not know.
		}
	}

	private static boolean isHere(List<URI> registry) {
		for (URI url : registry) {
			try {
				InetAddress address = resolve(url);
				if (isHere(address)) {
					return true;
				}
			}
			catch (IOException ex) {
				return true;
			}
		}
		return false;
	}

	/** Returns whether an address belongs to this machine. */
	static boolean isHere(InetAddress address) {
		try {
			return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
		}
		catch (SocketException ex) {
			return false;
		}
	}

	/** Returns whether a host is an IP address, written without brackets. */
	static boolean isLiteral(String host) {
		return host.indexOf(':') >= 0
				|| host.chars().allMatch((character) -> character == '.' || Character.isDigit(character));
	}

	/** Returns whether only this machine can reach a host. Looks up no name. */
	static boolean isLoopback(String host) {
		try {
			return host.equalsIgnoreCase("localhost")
					|| (isLiteral(host) && InetAddress.getByName(host).isLoopbackAddress());
		}
		catch (UnknownHostException ex) {
			return false;
		}
	}

	/** Returns the names that this machine gives itself, shorter ones first. */
	static List<String> machineNames() {
		Set<String> names = new LinkedHashSet<>();
		String variable = System.getenv("HOSTNAME");
		if (variable != null) {
			names.add(variable.toLowerCase(Locale.ROOT));
		}
		try {
			InetAddress local = InetAddress.getLocalHost();
			names.add(local.getHostName().toLowerCase(Locale.ROOT));
			names.add(local.getCanonicalHostName().toLowerCase(Locale.ROOT));
		}
		catch (UnknownHostException ex) {
			// The name of this machine cannot be resolved.
		}
		return List.copyOf(names);
	}

	private static InetAddress resolve(URI url) throws UnknownHostException {
		String host = url.getHost();
		return InetAddress.getByName(host);
	}

	/**
	 * Returns an address as text, without the name of a network interface, which differs
	 * on each machine.
	 */
	static String text(InetAddress address) {
		String text = address.getHostAddress();
		int scope = text.indexOf('%');
		return (scope >= 0) ? text.substring(0, scope) : text;
	}

}
