package io.redmesh.autoconfigure.cloud;

import java.io.UncheckedIOException;

import io.redmesh.autoconfigure.call.HttpCall;
import io.redmesh.autoconfigure.call.Pick;
import io.redmesh.core.call.NoEndpointException;
import org.jspecify.annotations.Nullable;

import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.Response;

/**
 * An instance that was picked for one call. Whoever reports on that call hands back this
 * very object, so nothing needs to be remembered for those who never do.
 */
final class PickedInstance extends MeshServiceInstance {

	private final Pick pick;

	private volatile @Nullable HttpCall call;

	PickedInstance(Pick pick) {
		super(pick.instance());
		this.pick = pick;
	}

	/** Returns what a response has chosen, if it is one of these. */
	static @Nullable PickedInstance of(@Nullable Response<ServiceInstance> response) {
		return (response != null && response.getServer() instanceof PickedInstance picked) ? picked : null;
	}

	/** The request is about to be sent. */
	void begin() {
		try {
			this.call = this.pick.begin();
		}
		catch (NoEndpointException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Returns the call, or null if it has not begun. */
	@Nullable HttpCall call() {
		return this.call;
	}

}
