package io.redmesh.registry.export;

import java.util.Objects;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.InvalidValueException;
import io.redmesh.core.instance.Names;
import io.redmesh.registry.catalog.CatalogInstance;
import io.redmesh.registry.catalog.CatalogPosition;
import io.redmesh.registry.catalog.NamespaceCatalog;
import io.redmesh.registry.catalog.Namespaces;
import io.redmesh.registry.catalog.ServiceView;
import io.redmesh.registry.rest.Problem;
import io.redmesh.registry.rest.Reply;
import io.redmesh.registry.rest.Request;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.core.JsonGenerator;

import org.springframework.http.HttpStatus;

/**
 * The instances that can be scraped as targets of Prometheus' HTTP service discovery,
 * whatever their status. An instance can be scraped if its metadata name the path of its
 * metrics, {@value #PATH}. The metadata {@value #SCHEME}, {@value #ADDRESS} and
 * {@value #PORT} take precedence over its own scheme, host and port.
 */
final class PrometheusTargets {

	static final String PATH = "prometheus.path";

	static final String SCHEME = "management.scheme";

	static final String ADDRESS = "management.address";

	static final String PORT = "management.port";

	private static final String META = "__meta_redmesh_";

	private final Namespaces namespaces;

	PrometheusTargets(Namespaces namespaces) {
		this.namespaces = namespaces;
	}

	Mono<Reply> targets(Request request) {
		String name = Names
			.requireNamespace(Objects.requireNonNullElse(request.parameter("namespace"), Namespaces.DEFAULT_NAMESPACE));
		return this.namespaces.lookUp(name).map(PrometheusTargets::targets);
	}

	/**
	 * Returns the targets. Prometheus keeps its list when it is refused, so an incomplete
	 * list is refused.
	 */
	private static Reply targets(NamespaceCatalog namespace) {
		CatalogPosition position = namespace.position();
		if (position == null || !position.complete()) {
			return Problem.incomplete().toReply();
		}
		return Reply.json(HttpStatus.OK, (json) -> {
			json.writeStartArray();
			for (ServiceView service : namespace.services()) {
				for (CatalogInstance instance : service.instances()) {
					String path = instance.instance().metadata().getOrDefault(PATH, "");
					String address = address(instance.instance());
					if (path.startsWith("/") && address != null) {
						write(json, namespace.name(), instance.instance(), address, path);
					}
				}
			}
			json.writeEndArray();
		});
	}

	private static void write(JsonGenerator json, String namespace, Instance instance, String address, String path) {
		json.writeStartObject();
		json.writeArrayPropertyStart("targets");
		json.writeString(address);
		json.writeEndArray();
		json.writeObjectPropertyStart("labels");
		json.writeStringProperty("__scheme__", scheme(instance));
		json.writeStringProperty("__metrics_path__", path);
		json.writeStringProperty("namespace", namespace);
		json.writeStringProperty("service", instance.service());
		json.writeStringProperty("instance_id", instance.id());
		json.writeStringProperty("region", instance.locality().region());
		json.writeStringProperty("zone", instance.locality().zone());
		json.writeStringProperty(META + "status", instance.status().name());
		json.writeStringProperty(META + "suspect", String.valueOf(instance.suspect()));
		instance.labels().forEach((key, value) -> json.writeStringProperty(META + "label_" + labelName(key), value));
		instance.metadata()
			.forEach((key, value) -> json.writeStringProperty(META + "metadata_" + labelName(key), value));
		json.writeEndObject();
		json.writeEndObject();
	}

	private static String labelName(String key) {
		return key.replaceAll("[^A-Za-z0-9_]", "_");
	}

	private static String scheme(Instance instance) {
		String own = instance.secure() ? "https" : "http";
		String named = instance.metadata().getOrDefault(SCHEME, own);
		return (named.equals("http") || named.equals("https")) ? named : own;
	}

	/**
	 * Returns host and port to scrape, or null for an instance that serves nothing.
	 * Metadata without a valid host or port are ignored.
	 */
	private static @Nullable String address(Instance instance) {
		int port = port(instance);
		return (port > 0) ? Instance.of(instance.service(), instance.id(), host(instance), port).authority() : null;
	}

	private static int port(Instance instance) {
		try {
			int port = Integer.parseInt(instance.metadata().getOrDefault(PORT, ""));
			Instance.requireRange(PORT, port, 1, 65_535);
			return port;
		}
		catch (NumberFormatException | InvalidValueException ex) {
			return instance.port();
		}
	}

	private static String host(Instance instance) {
		try {
			return Names.requireHost(instance.metadata().getOrDefault(ADDRESS, ""));
		}
		catch (InvalidValueException ex) {
			return instance.host();
		}
	}

}
