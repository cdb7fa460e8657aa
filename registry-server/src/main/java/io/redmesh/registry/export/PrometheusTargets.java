package io.redmesh.registry.export;

import java.util.Map;
import java.util.Objects;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.InvalidValueException;
import io.redmesh.core.instance.Names;
import io.redmesh.core.instance.Status;
import io.redmesh.registry.catalog.Catalog;
import io.redmesh.registry.catalog.CatalogInstance;
import io.redmesh.registry.catalog.NamespaceCatalog;
import io.redmesh.registry.catalog.ServiceView;
import io.redmesh.registry.catalog.Standing;
import io.redmesh.registry.rest.Problem;
import io.redmesh.registry.rest.Reply;
import io.redmesh.registry.rest.Request;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.core.JsonGenerator;

import org.springframework.http.HttpStatus;
import org.springframework.util.StringUtils;

/**
 * The instances that are up as targets of Prometheus' HTTP service discovery. The port
 * and the path of metrics come from the metadata {@value #PORT} and
 * {@value #CONTEXT_PATH}, where an instance has them.
 */
final class PrometheusTargets {

	static final String PORT = "management.port";

	static final String CONTEXT_PATH = "management.context-path";

	private static final String DEFAULT_CONTEXT_PATH = "/actuator";

	private final Catalog catalog;

	PrometheusTargets(Catalog catalog) {
		this.catalog = catalog;
	}

	Mono<Reply> targets(Request request) {
		String name = Names
			.requireNamespace(Objects.requireNonNullElse(request.parameter("namespace"), Catalog.DEFAULT_NAMESPACE));
		return this.catalog.lookUp(name).map(PrometheusTargets::targets);
	}

	/** Prometheus keeps what it had when it is refused, so an unsure list is refused. */
	private static Reply targets(NamespaceCatalog namespace) {
		Standing standing = namespace.standing();
		if (standing == null || !standing.complete()) {
			return Problem.incomplete().toReply();
		}
		return Reply.json(HttpStatus.OK, (json) -> {
			json.writeStartArray();
			for (ServiceView service : namespace.services()) {
				for (CatalogInstance instance : service.instances()) {
					String authority = authority(instance.instance());
					if (authority != null && instance.instance().status() == Status.UP) {
						write(json, namespace.name(), instance.instance(), authority);
					}
				}
			}
			json.writeEndArray();
		});
	}

	private static void write(JsonGenerator json, String namespace, Instance instance, String authority) {
		Map<String, String> metadata = instance.metadata();
		json.writeStartObject();
		json.writeArrayPropertyStart("targets");
		json.writeString(authority);
		json.writeEndArray();
		json.writeObjectPropertyStart("labels");
		json.writeStringProperty("__scheme__", instance.secure() ? "https" : "http");
		json.writeStringProperty("__metrics_path__",
				StringUtils.trimTrailingCharacter(metadata.getOrDefault(CONTEXT_PATH, DEFAULT_CONTEXT_PATH), '/')
						+ "/prometheus");
		json.writeStringProperty("namespace", namespace);
		json.writeStringProperty("service", instance.service());
		json.writeStringProperty("instance_id", instance.id());
		json.writeStringProperty("region", instance.locality().region());
		json.writeStringProperty("zone", instance.locality().zone());
		instance.labels()
			.forEach((key, value) -> json
				.writeStringProperty("__meta_mesh_label_" + key.replaceAll("[^A-Za-z0-9_]", "_"), value));
		json.writeEndObject();
		json.writeEndObject();
	}

	/**
	 * A management port that is no port is as good as none. Null for an instance that
	 * serves nothing.
	 */
	private static @Nullable String authority(Instance instance) {
		String managementPort = instance.metadata().get(PORT);
		String own = instance.authority();
		if (managementPort == null) {
			return (instance.port() > 0) ? own : null;
		}
		try {
			int port = Integer.parseInt(managementPort);
			Instance.requireRange(PORT, port, 1, 65_535);
			return own.substring(0, own.lastIndexOf(':') + 1) + port;
		}
		catch (NumberFormatException | InvalidValueException ex) {
			return (instance.port() > 0) ? own : null;
		}
	}

}
