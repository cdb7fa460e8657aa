package io.redmesh.autoconfigure.actuate;

import java.net.URI;
import java.time.Instant;
import java.util.function.Supplier;

import io.redmesh.autoconfigure.registration.RegistrationJournal;
import io.redmesh.autoconfigure.registration.RegistrationState;
import io.redmesh.autoconfigure.registration.RegistrationTransition;
import io.redmesh.autoconfigure.registry.RegistryContact;
import io.redmesh.core.registry.Catalog;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * The health of this app in the mesh. A registry that cannot be reached makes no app
 * unhealthy: the app goes on with what it knows, and to restart it for that would make
 * things worse. The app is <em>up</em> while it is connected to the registry or knows
 * services. Otherwise, or if its registration is superseded, it is <em>unknown</em>.
 */
final class MeshHealthIndicator extends AbstractHealthIndicator {

	private final RegistryContact contact;

	private final Catalog catalog;

	private final RegistrationJournal journal;

	private final Supplier<URI> url;

	private final Supplier<@Nullable Instant> heardAt;

	MeshHealthIndicator(RegistryContact contact, Catalog catalog, RegistrationJournal journal, Supplier<URI> url,
			Supplier<@Nullable Instant> heardAt) {
		this.contact = contact;
		this.catalog = catalog;
		this.journal = journal;
		this.url = url;
		this.heardAt = heardAt;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		RegistryContact.State state = this.contact.state();
		builder.withDetail("registry", this.url.get().toString());
		builder.withDetail("services", this.catalog.services().size());
		RegistrationState registration = this.journal.state();
		if (registration.last() != null) {
			builder.withDetail("registration", registration.last().label());
		}
		if (registration.problem() != null) {
			builder.withDetail("problem", registration.problem());
		}
		if (!state.connected()) {
			Instant heard = this.heardAt.get();
			builder.withDetail("stale since", ((heard != null) ? heard : state.since()).toString());
			if (state.failure() != null) {
				builder.withDetail("failure", state.failure());
			}
		}
		boolean useful = state.connected() || !this.catalog.services().isEmpty();
		if (useful && registration.last() != RegistrationTransition.SUPERSEDED) {
			builder.up();
		}
		else {
			builder.unknown();
		}
	}

}
