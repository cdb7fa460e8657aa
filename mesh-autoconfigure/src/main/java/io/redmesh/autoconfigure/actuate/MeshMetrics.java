package io.redmesh.autoconfigure.actuate;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.redmesh.autoconfigure.registration.RegistrationJournal;
import io.redmesh.autoconfigure.registration.RegistrationTransition;
import io.redmesh.autoconfigure.registry.RegistryContact;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.registry.ServiceSnapshot;
import io.redmesh.core.time.Time;

import static java.util.concurrent.TimeUnit.SECONDS;

/** The meters of the registration's transitions, of the catalog and of its age. */
final class MeshMetrics implements MeterBinder {

	private final RegistrationJournal journal;

	private final RegistryContact contact;

	private final Catalog catalog;

	private final Time time;

	MeshMetrics(RegistrationJournal journal, RegistryContact contact, Catalog catalog, Time time) {
		this.journal = journal;
		this.contact = contact;
		this.catalog = catalog;
		this.time = time;
	}

	@Override
	public void bindTo(MeterRegistry meters) {
		for (RegistrationTransition transition : RegistrationTransition.values()) {
			FunctionCounter
				.builder("mesh.registration.transitions", this.journal, (journal) -> journal.count(transition))
				.description("Transitions of this instance's registration")
				.tag("transition", transition.label())
				.register(meters);
		}
		Gauge.builder("mesh.registry.connected", this.contact, (contact) -> contact.state().connected() ? 1 : 0)
			.description("Whether the registry can be reached")
			.register(meters);
		TimeGauge
			.builder("mesh.registry.disconnected", this.contact, SECONDS, (contact) -> disconnected(contact.state()))
			.description("Time since the registry could last be reached; the catalog is at least as old")
			.register(meters);
		Gauge.builder("mesh.catalog.services", this.catalog, (catalog) -> catalog.services().size())
			.description("Services in the catalog of this process")
			.register(meters);
		Gauge.builder("mesh.catalog.instances", this.catalog, MeshMetrics::instances)
			.description("Instances in the catalog of this process")
			.register(meters);
	}

	private double disconnected(RegistryContact.State state) {
		return state.connected() ? 0 : this.time.now().getEpochSecond() - state.since().getEpochSecond();
	}

	private static double instances(Catalog catalog) {
		int count = 0;
		for (String service : catalog.services()) {
			ServiceSnapshot snapshot = catalog.service(service);
			count += (snapshot != null) ? snapshot.instances().size() : 0;
		}
		return count;
	}

}
