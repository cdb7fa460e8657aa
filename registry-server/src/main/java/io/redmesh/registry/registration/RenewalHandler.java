package io.redmesh.registry.registration;

import java.util.ArrayList;
import java.util.List;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.redmesh.core.instance.Status;
import io.redmesh.registry.catalog.NamespaceCatalog;
import io.redmesh.registry.catalog.Namespaces;
import io.redmesh.registry.rest.Problem;
import io.redmesh.registry.rest.Reply;
import io.redmesh.registry.rest.Request;
import io.redmesh.registry.rest.RestProperties;
import io.redmesh.registry.store.LeaseKey;
import io.redmesh.registry.store.LeaseState;
import io.redmesh.registry.store.RegistryStore;
import io.redmesh.registry.store.RenewResult;
import io.redmesh.registry.store.WriteResult;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.core.JsonGenerator;

import org.springframework.http.HttpStatus;

/** A handler of renewals, of one lease or of many at once. */
final class RenewalHandler {

	private final RegistryStore store;

	private final Namespaces namespaces;

	private final RestProperties limits;

	private final Counter held;

	private final Counter unknown;

	private final Counter superseded;

	RenewalHandler(RegistryStore store, Namespaces namespaces, RestProperties limits, MeterRegistry meters) {
		this.store = store;
		this.namespaces = namespaces;
		this.limits = limits;
		this.held = meters.counter("mesh.server.renewals", "outcome", "held");
		this.unknown = meters.counter("mesh.server.renewals", "outcome", "unknown");
		this.superseded = meters.counter("mesh.server.renewals", "outcome", "superseded");
	}

	Mono<Reply> renew(Request request) {
		String namespace = request.namespace();
		LeaseKey lease = RegistrationHandler.lease(request);
		return request.body(this.limits.maxBody()).flatMap((body) -> renew(namespace, lease, body)).map((result) -> {
			count(namespace, result.state());
			Problem refusal = RegistrationHandler.refusal(lease, result);
			return (refusal != null) ? refusal.toReply() : RegistrationHandler.cursor(result.cursor());
		});
	}

	/**
	 * Renews a lease. A status needs a transition of its own, which also renews. So does
	 * a report of rules, which an instance makes when they have changed.
	 */
	private Mono<WriteResult> renew(String namespace, LeaseKey lease, byte[] body) {
		Bodies.Heartbeat heartbeat = Bodies.heartbeat(body);
		String rules = heartbeat.rules();
		Mono<WriteResult> renewed = renew(namespace, lease, heartbeat.status());
		return (rules == null) ? renewed : renewed.flatMap((result) -> (result.state() == LeaseState.HELD)
				? this.store.rules().report(namespace, lease, rules) : Mono.just(result));
	}

	private Mono<WriteResult> renew(String namespace, LeaseKey lease, @Nullable Status status) {
		return (status != null) ? this.store.status(namespace, lease, status)
				: this.store.renew(namespace, List.of(lease))
					.map((result) -> new WriteResult(result.states().get(0), result.cursor()));
	}

	Mono<Reply> renewMany(Request request) {
		String namespace = request.namespace();
		return request.body(this.limits.maxBatchBody()).flatMap((body) -> {
			List<LeaseKey> leases = Bodies.heartbeats(body);
			return this.store.renew(namespace, leases).map((result) -> response(namespace, leases, result));
		});
	}

	private Reply response(String namespace, List<LeaseKey> leases, RenewResult result) {
		List<LeaseKey> unknownLeases = new ArrayList<>();
		List<LeaseKey> supersededLeases = new ArrayList<>();
		for (int i = 0; i < leases.size(); i++) {
			LeaseState state = result.states().get(i);
			count(namespace, state);
			if (state == LeaseState.UNKNOWN) {
				unknownLeases.add(leases.get(i));
			}
			else if (state == LeaseState.SUPERSEDED) {
				supersededLeases.add(leases.get(i));
			}
		}
		return Reply.json(HttpStatus.OK, (json) -> {
			json.writeStartObject();
			write(json, "unknown", unknownLeases);
			write(json, "superseded", supersededLeases);
			json.writeStringProperty("cursor", result.cursor().toString());
			json.writeEndObject();
		});
	}

	private static void write(JsonGenerator json, String name, List<LeaseKey> leases) {
		json.writeArrayPropertyStart(name);
		for (LeaseKey lease : leases) {
			json.writeStartObject();
			json.writeStringProperty("service", lease.service());
			json.writeStringProperty("id", lease.id());
			json.writeEndObject();
		}
		json.writeEndArray();
	}

	private void count(String namespace, LeaseState state) {
		switch (state) {
			case HELD -> this.held.increment();
			case UNKNOWN -> {
				this.unknown.increment();
				noteUnknownLease(namespace);
			}
			case SUPERSEDED -> this.superseded.increment();
		}
	}

	private void noteUnknownLease(String namespace) {
		NamespaceCatalog followed = this.namespaces.find(namespace);
		if (followed != null) {
			followed.noteUnknownLease();
		}
	}

}
