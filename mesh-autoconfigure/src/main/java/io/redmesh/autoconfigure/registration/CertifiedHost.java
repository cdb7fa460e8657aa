package io.redmesh.autoconfigure.registration;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;

import io.redmesh.core.instance.InvalidValueException;
import io.redmesh.core.instance.Names;
import org.jspecify.annotations.Nullable;

/**
 * The name for this machine that a certificate carries. Callers verify the certificate
 * against the host that they connect to, so that host has to be in it. Blocks while names
 * are resolved.
 */
final class CertifiedHost {

	private CertifiedHost() {
	}

	/**
	 * Finds the host to register.
	 * @param names what the certificate is for
	 * @param address the address under which others reach this machine
	 * @return that address if the certificate is for it, else a name from the certificate
	 * that leads to this machine, else null
	 */
	static @Nullable String find(CertificateNames names, String address) {
		if (names.covers(address)) {
			return address;
		}
		List<String> candidates = names.hosts().stream().filter(CertifiedHost::isPermitted).toList();
		String reached = first(candidates, address);
		if (reached != null) {
			return reached;
		}
		// These take a reverse look-up, and may be covered by a wildcard only.
		List<String> own = LocalAddress.machineNames().stream().filter(names::covers).toList();
		reached = first(own, address);
		// What DNS says elsewhere of the machine's own name is not in its own hosts file.
		return (reached != null) ? reached : own.stream().filter(CertifiedHost::isOwnAffair).findFirst().orElse(null);
	}

	/** Best is a name for the very address, then one for another of this machine. */
	private static @Nullable String first(List<String> candidates, String address) {
		boolean loopback = LocalAddress.isLoopback(address);
		List<String> here = candidates.stream().filter((name) -> leadsHere(name, loopback)).toList();
		return here.stream()
			.filter((name) -> addresses(name).anyMatch((found) -> LocalAddress.text(found).equals(address)))
			.findFirst()
			.orElse(here.isEmpty() ? null : here.get(0));
	}

	/** A name of several machines, such as a service's, would lead to another of them. */
	private static boolean leadsHere(String name, boolean loopback) {
		return addresses(name).findAny().isPresent() && addresses(name)
			.allMatch((found) -> found.isLoopbackAddress() == loopback && LocalAddress.isHere(found));
	}

	private static boolean isOwnAffair(String name) {
		return isPermitted(name) && !name.equals("localhost")
				&& addresses(name).allMatch(InetAddress::isLoopbackAddress);
	}

	private static Stream<InetAddress> addresses(String name) {
		try {
			return Stream.of(InetAddress.getAllByName(name));
		}
		catch (UnknownHostException ex) {
			return Stream.of();
		}
	}

	private static boolean isPermitted(String name) {
		try {
			return !LocalAddress.isLiteral(Names.requireHost(name));
		}
		catch (InvalidValueException ex) {
			return false;
		}
	}

}
