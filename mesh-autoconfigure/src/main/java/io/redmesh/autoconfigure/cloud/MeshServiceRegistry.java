package io.redmesh.autoconfigure.cloud;

import java.util.Locale;

import io.redmesh.autoconfigure.registration.MeshSession;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Status;
import org.jspecify.annotations.Nullable;

import org.springframework.cloud.client.serviceregistry.ServiceRegistry;

/**
 * The service registry by which {@code /actuator/serviceregistry} reads and sets this
 * instance's status. Registering is up to the session, so the other methods only set the
 * status too.
 */
final class MeshServiceRegistry implements ServiceRegistry<MeshRegistration> {

	private final MeshSession session;

	MeshServiceRegistry(MeshSession session) {
		this.session = session;
	}

	@Override
	public void register(@Nullable MeshRegistration registration) {
		this.session.choose(null);
	}

	@Override
	public void deregister(@Nullable MeshRegistration registration) {
		this.session.choose(Status.DOWN);
	}

	/**
	 * Sets the status by hand. {@code UP} gives it back to readiness.
	 * {@code OUT_OF_SERVICE}, which users of Spring Cloud write, is taken for
	 * {@code DOWN}, because in the mesh only an operator sets it.
	 */
	@Override
	public void setStatus(MeshRegistration registration, String status) {
		switch (status.toUpperCase(Locale.ROOT)) {
			case "UP" -> this.session.choose(null);
			case "DRAINING" -> this.session.choose(Status.DRAINING);
			case "STARTING" -> this.session.choose(Status.STARTING);
			case "DOWN", "OUT_OF_SERVICE" -> this.session.choose(Status.DOWN);
			default -> throw new IllegalArgumentException(
					"status: %s (expected: UP, DRAINING, STARTING, DOWN or OUT_OF_SERVICE)".formatted(status));
		}
	}

	@Override
	@SuppressWarnings({ "unchecked", "TypeParameterUnusedInFormals" })
	public <T> T getStatus(MeshRegistration registration) {
		Instance instance = registration.registered();
		// The interface leaves the type to its caller, which prints the value.
		return (T) ((instance != null) ? instance.status().name() : "UNKNOWN");
	}

	@Override
	public void close() {
		// The session ends by itself.
	}

}
