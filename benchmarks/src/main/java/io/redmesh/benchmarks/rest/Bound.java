package io.redmesh.benchmarks.rest;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Locality;
import io.redmesh.core.instance.Names;
import io.redmesh.core.instance.Status;
import io.redmesh.registry.json.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.ProblemDetail;
import org.springframework.http.converter.json.ProblemDetailJacksonMixin;

/** Requests as Jackson binds them to records, as strictly as it can. */
final class Bound {

	/** The strict mapper. */
	static final JsonMapper MAPPER = Json.mapper()
		.rebuild()
		.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
		.disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
		.disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
		.enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
		.withCoercionConfigDefaults((config) -> {
			for (CoercionInputShape shape : CoercionInputShape.values()) {
				config.setCoercion(shape, CoercionAction.Fail);
			}
		})
		.addMixIn(ProblemDetail.class, ProblemDetailJacksonMixin.class)
		.build();

	private Bound() {
	}

	/**
	 * A batch of heartbeats.
	 *
	 * @param leases the leases
	 */
	record Heartbeats(List<Lease> leases) {

	}

	/**
	 * A lease of a batch.
	 *
	 * @param service the service
	 * @param id the id of the instance
	 * @param token the token
	 */
	record Lease(String service, String id, String token) {

		Lease {
			Names.requireService(service);
			Names.requireId(id);
			if (token.isEmpty() || token.length() > 200) {
				throw new IllegalArgumentException("token");
			}
		}

	}

	/**
	 * A registration.
	 *
	 * @param host the host
	 * @param port the port
	 * @param secure whether calls use TLS
	 * @param weight the weight
	 * @param locality the locality
	 * @param labels the labels
	 * @param metadata the metadata
	 * @param status the status
	 * @param ttl the requested TTL
	 */
	record Registration(String host, Integer port, @Nullable Boolean secure, @Nullable Integer weight,
			@Nullable Place locality, @Nullable Map<String, String> labels, @Nullable Map<String, String> metadata,
			@Nullable Status status, @Nullable Duration ttl) {

		/**
		 * Returns the registered instance.
		 * @param service the service
		 * @param id the id
		 * @return the instance
		 */
		Instance instance(String service, String id) {
			if (this.status == Status.OUT_OF_SERVICE || (this.ttl != null && this.ttl.isNegative())) {
				throw new IllegalArgumentException("status, ttl");
			}
			return new Instance(service, id, this.host, this.port, this.secure != null && this.secure,
					Objects.requireNonNullElse(this.weight, Instance.DEFAULT_WEIGHT),
					(this.locality != null) ? this.locality.toLocality() : Locality.UNKNOWN,
					Objects.requireNonNullElse(this.labels, Map.of()),
					Objects.requireNonNullElse(this.metadata, Map.of()),
					Objects.requireNonNullElse(this.status, Status.UP), 0);
		}

	}

	/**
	 * A locality.
	 *
	 * @param region the region
	 * @param zone the zone
	 * @param subZone the sub-zone
	 */
	record Place(@Nullable String region, @Nullable String zone, @Nullable String subZone) {

		Locality toLocality() {
			return new Locality(Objects.requireNonNullElse(this.region, ""), Objects.requireNonNullElse(this.zone, ""),
					Objects.requireNonNullElse(this.subZone, ""));
		}

	}

}
