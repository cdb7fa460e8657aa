package io.redmesh.registry.registration;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.InvalidValueException;
import io.redmesh.core.instance.Locality;
import io.redmesh.core.instance.Names;
import io.redmesh.core.instance.Status;
import io.redmesh.registry.rest.Fields;
import io.redmesh.registry.rest.Request;
import io.redmesh.registry.store.Backup;
import io.redmesh.registry.store.InstanceOverride;
import io.redmesh.registry.store.LeaseKey;
import org.jspecify.annotations.Nullable;

/** Parsers of the bodies that instances and operators send. */
final class Bodies {

	static final List<String> REGISTRATION = List.of("host", "port", "secure", "weight", "locality", "labels",
			"metadata", "status", "ttl");

	static final List<String> BACKUP = Stream
		.concat(Stream.of("service", "id", "fence", "override"), REGISTRATION.stream())
		.toList();

	static final List<String> LOCALITY = List.of("region", "zone", "subZone");

	static final List<String> STATUS = List.of("status");

	static final List<String> HEARTBEAT = List.of("status", "rules");

	static final List<String> OVERRIDE = List.of("status", "weight");

	static final List<String> HEARTBEATS = List.of("leases");

	static final List<String> LEASE = List.of("service", "id", "token");

	static final int MAX_LEASES = 1000;

	// The largest number of digits that stays exact in Lua's doubles.
	private static final long MAX_FENCE = 999_999_999_999_999L;

	private static final Pattern REVISION = Pattern.compile("\\d{1,18}");

	private static final List<Status> SETTABLE = List.of(Status.STARTING, Status.UP, Status.DRAINING, Status.DOWN);

	private Bodies() {
	}

	/**
	 * The body of a registration.
	 *
	 * @param instance the instance
	 * @param ttl the requested TTL, or the default
	 */
	record Registration(Instance instance, Duration ttl) {

	}

	static Registration registration(String service, String id, byte[] body, LeaseProperties leases) {
		return registration(service, id, Fields.read(body, REGISTRATION), leases);
	}

	/** Reads a line of a backup. A line without a host holds only an override. */
	static Backup backup(byte[] line, LeaseProperties leases) {
		Fields fields = Fields.read(line, BACKUP);
		String service = fields.requiredText("service", Names::requireService);
		String id = fields.requiredText("id", Names::requireId);
		Fields overridden = fields.object("override", OVERRIDE);
		InstanceOverride override = (overridden != null) ? override(overridden) : null;
		if (override != null && fields.text("host") == null) {
			return new Backup(service, id, null, leases.ttl(), override);
		}
		Long fence = fields.number("fence", 0, MAX_FENCE);
		Registration registration = registration(service, id, fields, leases);
		return new Backup(service, id, registration.instance().withFence((fence != null) ? fence : 0),
				registration.ttl(), override);
	}

	private static Registration registration(String service, String id, Fields fields, LeaseProperties leases) {
		Fields locality = fields.object("locality", LOCALITY);
		Instance instance = new Instance(service, id, fields.requiredText("host"),
				(int) fields.requiredNumber("port", 0, 65_535), fields.flag("secure"),
				Objects.requireNonNullElse(weight(fields), Instance.DEFAULT_WEIGHT),
				(locality != null) ? locality(locality) : Locality.UNKNOWN, fields.texts("labels"),
				fields.texts("metadata"), Objects.requireNonNullElse(fields.word("status", SETTABLE), Status.UP), 0);
		Duration ttl = fields.duration("ttl", leases.minTtl(), leases.maxTtl());
		return new Registration(instance, (ttl != null) ? ttl : leases.ttl());
	}

	private static Locality locality(Fields fields) {
		return new Locality(Objects.requireNonNullElse(fields.text("region"), ""),
				Objects.requireNonNullElse(fields.text("zone"), ""),
				Objects.requireNonNullElse(fields.text("subZone"), ""));
	}

	/**
	 * The body of a heartbeat.
	 *
	 * @param status the instance's own status, or null
	 * @param rules the revision of the traffic rules that it runs, or null
	 */
	record Heartbeat(@Nullable Status status, @Nullable String rules) {

	}

	static Heartbeat heartbeat(byte[] body) {
		if (body.length == 0) {
			return new Heartbeat(null, null);
		}
		Fields fields = Fields.read(body, HEARTBEAT);
		String rules = fields.text("rules");
		if (rules != null && !REVISION.matcher(rules).matches()) {
			throw new InvalidValueException("rules", rules, "the revision of an event \"rules\"");
		}
		return new Heartbeat(fields.word("status", SETTABLE), rules);
	}

	static Status status(byte[] body) {
		Fields fields = Fields.read(body, STATUS);
		Status status = fields.word("status", SETTABLE);
		if (status == null) {
			throw fields.missing("status", "one of " + SETTABLE);
		}
		return status;
	}

	static InstanceOverride override(byte[] body) {
		return override(Fields.read(body, OVERRIDE));
	}

	private static InstanceOverride override(Fields fields) {
		return new InstanceOverride(fields.word("status", List.of(Status.OUT_OF_SERVICE)), weight(fields));
	}

	private static @Nullable Integer weight(Fields fields) {
		Long weight = fields.number("weight", 0, Instance.MAX_WEIGHT);
		return (weight != null) ? weight.intValue() : null;
	}

	static List<LeaseKey> heartbeats(byte[] body) {
		List<Fields> objects = Fields.read(body, HEARTBEATS).objects("leases", MAX_LEASES, LEASE);
		List<LeaseKey> leases = new ArrayList<>(objects.size());
		for (Fields fields : objects) {
			leases.add(new LeaseKey(fields.requiredText("service", Names::requireService),
					fields.requiredText("id", Names::requireId), fields.requiredText("token", Request::requireToken)));
		}
		return leases;
	}

}
