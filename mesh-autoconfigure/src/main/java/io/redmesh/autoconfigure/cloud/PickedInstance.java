package io.redmesh.autoconfigure.cloud;

import java.io.UncheckedIOException;

import io.redmesh.autoconfigure.call.HttpCall;
import io.redmesh.autoconfigure.call.Pick;
import io.redmesh.core.call.NoEndpointException;
import org.jspecify.annotations.Nullable;

import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.Response;

/**
 * An instance that was picked for one call. A client that reports on that call hands back
 * this very object, so the mesh remembers nothing for clients that never report.
 */
final class PickedInstance extends MeshServiceInstance {

	private final Pick pick;

	private volatile @Nullable HttpCall call;

	PickedInstance(Pick pick) {
		super(pick.instance());
		this.pick = pick;
	}

	/** Returns the instance of a response, or null if the mesh has not picked it. */
	static @Nullable PickedInstance of(@Nullable Response<ServiceInstance> response) {
		return (response != null && response.getServer() instanceof PickedInstance picked) ? picked : null;
	}

	/** Begins the call, just before the request is sent. */
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
