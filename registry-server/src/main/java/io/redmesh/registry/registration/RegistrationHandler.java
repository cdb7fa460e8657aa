package io.redmesh.registry.registration;

import java.time.Duration;
import java.util.Locale;
import java.util.function.Function;

import io.micrometer.core.instrument.MeterRegistry;
import io.redmesh.core.instance.Status;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.registry.Lease;
import io.redmesh.registry.catalog.Namespaces;
import io.redmesh.registry.rest.Problem;
import io.redmesh.registry.rest.Reply;
import io.redmesh.registry.rest.Request;
import io.redmesh.registry.rest.RestProperties;
import io.redmesh.registry.store.Claim;
import io.redmesh.registry.store.InstanceOverride;
import io.redmesh.registry.store.LeaseKey;
import io.redmesh.registry.store.LeaseState;
import io.redmesh.registry.store.RegisterResult;
import io.redmesh.registry.store.RegisterResult.Outcome;
import io.redmesh.registry.store.RegistryStore;
import io.redmesh.registry.store.StoreUnavailableException;
import io.redmesh.registry.store.WriteResult;
import io.redmesh.registry.watch.Watches;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpStatus;

/** A handler of registrations, deregistrations, statuses, and operators' overrides. */
final class RegistrationHandler {

	private static final Logger logger = LoggerFactory.getLogger(RegistrationHandler.class);

	// Well within the time that a client waits for a response.
	private static final Duration DRAINING_LIMIT = Duration.ofSeconds(1);

	private final RegistryStore store;

	private final Namespaces namespaces;

	private final Watches watches;

	private final LeaseProperties leases;

	private final RestProperties limits;

	private final LateDepartures late;

	private final MeterRegistry meters;

	RegistrationHandler(RegistryStore store, Namespaces namespaces, Watches watches, LeaseProperties leases,
			RestProperties limits, LateDepartures late, MeterRegistry meters) {
		this.late = late;
		this.store = store;
		this.namespaces = namespaces;
		this.watches = watches;
		this.leases = leases;
		this.limits = limits;
		this.meters = meters;
	}

	Mono<Reply> register(Request request) {
		String namespace = request.namespace();
		String service = request.service();
		String id = request.id();
		Claim claim = request.claim();
		return request.body(this.limits.maxBody()).flatMap((body) -> {
			Bodies.Registration registration = Bodies.registration(service, id, body, this.leases);
			this.namespaces.follow(namespace);
			return this.store.register(namespace, registration.instance(), registration.ttl(), claim);
		}).map((result) -> registered(namespace, service + "/" + id, result));
	}

	private Reply registered(String namespace, String instance, RegisterResult result) {
		Outcome outcome = result.outcome();
		this.meters.counter("mesh.server.registrations", "outcome", outcome.name().toLowerCase(Locale.ROOT))
			.increment();
		Lease lease = result.lease();
		if (lease == null) {
			logger.info("{} in {} refused: superseded", instance, namespace);
			return Problem.superseded(instance).toReply();
		}
		if (outcome != Outcome.RENEWED) {
			logger.info("{} in {} {}, fence {}", instance, namespace, describe(outcome), lease.fence());
		}
		boolean created = outcome == Outcome.CREATED;
		return Reply.json(created ? HttpStatus.CREATED : HttpStatus.OK, (json) -> {
			json.writeStartObject();
			json.writeObjectPropertyStart("lease");
			json.writeStringProperty("ttl", lease.ttl().toString());
			json.writeStringProperty("renewEvery", lease.renewEvery().toString());
			json.writeStringProperty("token", lease.token());
			json.writeNumberProperty("fence", lease.fence());
			json.writeEndObject();
			json.writeStringProperty("cursor", result.cursor().toString());
			json.writeEndObject();
		});
	}

	private static String describe(Outcome outcome) {
		return switch (outcome) {
			case CREATED -> "registered";
			case TAKEN_OVER -> "taken over";
			case UPDATED -> "updated";
			case RENEWED -> "renewed";
			case SUPERSEDED -> "refused";
		};
	}

	Mono<Reply> deregister(Request request) {
		String namespace = request.namespace();
		LeaseKey lease = lease(request);
		return this.store.deregister(namespace, lease).map((result) -> {
			if (result.state() == LeaseState.SUPERSEDED) {
				return Problem.superseded(name(lease)).toReply();
			}
			if (result.state() == LeaseState.HELD) {
				this.meters.counter("mesh.server.deregistrations").increment();
				logger.info("{} in {} deregistered", name(lease), namespace);
			}
			return Reply.empty(HttpStatus.NO_CONTENT);
		}).doOnError(StoreUnavailableException.class, (failure) -> this.late.remember(namespace, lease));
	}

	Mono<Reply> status(Request request) {
		String namespace = request.namespace();
		LeaseKey lease = lease(request);
		return request.body(this.limits.maxBody()).flatMap((body) -> {
			Status status = Bodies.status(body);
			return this.store.status(namespace, lease, status)
				.flatMap((result) -> statusSet(namespace, lease, status, result));
		});
	}

	private Mono<Reply> statusSet(String namespace, LeaseKey lease, Status status, WriteResult result) {
		Problem refusal = refusal(lease, result);
		if (refusal != null) {
			return refusal.toResponse();
		}
		logger.info("{} in {} is {}", name(lease), namespace, status);
		Mono<Void> sent = (status == Status.DRAINING)
				? this.watches.whenSent(namespace, lease.service(), result.cursor(), DRAINING_LIMIT) : Mono.empty();
		return sent.then(Mono.fromSupplier(() -> cursor(result.cursor())));
	}

	Mono<Reply> override(Request request) {
		return request.body(this.limits.maxBody())
			.flatMap((body) -> override(request, Bodies.override(body), (result) -> cursor(result.cursor())));
	}

	Mono<Reply> removeOverride(Request request) {
		return override(request, null, (result) -> Reply.empty(HttpStatus.NO_CONTENT));
	}

	private Mono<Reply> override(Request request, @Nullable InstanceOverride override,
			Function<WriteResult, Reply> answer) {
		String namespace = request.namespace();
		String service = request.service();
		String id = request.id();
		return this.store.override(namespace, service, id, override).map((result) -> {
			if (result.state() != LeaseState.HELD) {
				return Problem.unknownInstance(service + "/" + id).toReply();
			}
			logger.info("{}/{} in {}: {}", service, id, namespace,
					(override != null) ? "overridden with " + override : "override removed");
			return answer.apply(result);
		});
	}

	static @Nullable Problem refusal(LeaseKey lease, WriteResult result) {
		return switch (result.state()) {
			case HELD -> null;
			case UNKNOWN -> Problem.unknownLease(name(lease));
			case SUPERSEDED -> Problem.superseded(name(lease));
		};
	}

	static LeaseKey lease(Request request) {
		return new LeaseKey(request.service(), request.id(), request.requiredToken());
	}

	static Reply cursor(Cursor cursor) {
		return Reply.json(HttpStatus.OK, (json) -> {
			json.writeStartObject();
			json.writeStringProperty("cursor", cursor.toString());
			json.writeEndObject();
		});
	}

	private static String name(LeaseKey lease) {
		return lease.service() + "/" + lease.id();
	}

}
