package io.redmesh.autoconfigure.registration;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;

import io.redmesh.core.instance.InvalidValueException;
import io.redmesh.core.instance.Names;
import org.jspecify.annotations.Nullable;

/**
 * The name of this machine that a certificate covers. Callers verify the certificate
 * against the host that they connect to, so the certificate must cover that host. Blocks
 * while names are resolved.
 */
final class CertifiedHost {

	private CertifiedHost() {
	}

	/**
	 * Finds the host to register.
	 * @param names the hosts that the certificate covers
	 * @param address the address under which callers reach this machine
	 * @return that address if the certificate covers it, else a name from the certificate
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
		// The machine's own names take a reverse look-up, and perhaps only a wildcard
		// covers them.
		List<String> own = LocalAddress.machineNames().stream().filter(names::covers).toList();
		reached = first(own, address);
		// The machine's own hosts file may map its name to a loopback address, whatever
		// DNS tells other machines.
		return (reached != null) ? reached
				: own.stream().filter(CertifiedHost::resolvesToLoopback).findFirst().orElse(null);
	}

	/**
	 * Returns the first name that leads to the address, else one that leads to another
	 * address of this machine, else null.
	 */
	private static @Nullable String first(List<String> candidates, String address) {
		boolean loopback = LocalAddress.isLoopback(address);
		List<String> here = candidates.stream().filter((name) -> resolvesHere(name, loopback)).toList();
		return here.stream()
			.filter((name) -> addresses(name).anyMatch((found) -> LocalAddress.text(found).equals(address)))
			.findFirst()
			.orElse(here.isEmpty() ? null : here.get(0));
	}

	/**
	 * Returns whether all addresses of a name belong to this machine. A name of several
	 * machines, such as that of a service, would lead callers to another of them.
	 */
	private static boolean resolvesHere(String name, boolean loopback) {
		return addresses(name).findAny().isPresent() && addresses(name)
			.allMatch((found) -> found.isLoopbackAddress() == loopback && LocalAddress.isHere(found));
	}

	private static boolean resolvesToLoopback(String name) {
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
