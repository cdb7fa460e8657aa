package io.redmesh.autoconfigure.registration;

import java.net.InetAddress;
import java.net.UnknownHostException;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.registry.ServiceSnapshot;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A warning, given once, that this instance registers an address which only its own
 * machine can reach, while instances on other machines are there to call it.
 */
final class LoopbackWarning implements Catalog.Listener {

	private static final Logger logger = LoggerFactory.getLogger(LoopbackWarning.class);

	/** This instance while its address is a loopback address, else null. */
	private volatile @Nullable Instance own;

	private volatile boolean warned;

	/**
	 * Checks a new registration of this instance.
	 * @param instance the instance
	 * @param catalog the services that this app knows
	 */
	void announced(Instance instance, Catalog catalog) {
		this.own = LocalAddress.isLoopback(instance.host()) ? instance : null;
		for (String service : catalog.services()) {
			ServiceSnapshot snapshot = catalog.service(service);
			if (snapshot != null) {
				changed(snapshot);
			}
		}
	}

	@Override
	public void changed(ServiceSnapshot snapshot) {
		Instance announced = this.own;
		// Instances that are remembered from an earlier run may be long gone.
		if (announced == null || this.warned || snapshot.cursor() == null) {
			return;
		}
		for (Instance other : snapshot.instances()) {
			if (isElsewhere(other.host())) {
				this.warned = true;
				logger.warn("This instance registers as {}, which only this machine can reach, but {}/{} runs "
						+ "elsewhere, at {}. Set mesh.registry.url to an address "
						+ "of the registry that other machines reach too, or mesh.instance.host to one of this machine",
						announced.host(), other.service(), other.id(), other.authority());
				return;
			}
		}
	}

	private static boolean isElsewhere(String host) {
		if (!LocalAddress.isLiteral(host)) {
			return !LocalAddress.isLoopback(host);
		}
		try {
			return !LocalAddress.isHere(InetAddress.getByName(host));
		}
		catch (UnknownHostException ex) {
			return false;
		}
	}

}
