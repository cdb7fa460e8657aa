package io.redmesh.registry.rule;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.redmesh.core.registry.Cursor;
import io.redmesh.core.traffic.RuleKey;
import io.redmesh.registry.catalog.CatalogPosition;
import io.redmesh.registry.catalog.NamespaceCatalog;
import io.redmesh.registry.catalog.Namespaces;
import io.redmesh.registry.catalog.RuleSet;
import io.redmesh.registry.rest.Problem;
import io.redmesh.registry.rest.Reply;
import io.redmesh.registry.rest.Request;
import io.redmesh.registry.store.RuleReport;
import io.redmesh.registry.store.RuleStore;
import io.redmesh.registry.store.RuleVersion;
import io.redmesh.registry.store.StoredRule;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.core.JsonGenerator;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;

/**
 * A handler of reads of traffic rules, and of their analysis. It serves both from this
 * server's memory. Only the history comes from the store.
 */
final class RuleReadHandler {

	/** The types in which rules can be read, the usual one first. */
	static final List<MediaType> TYPES = List.of(MediaType.APPLICATION_JSON, MediaType.APPLICATION_YAML);

	private static final int MAX_BEHIND = 1000;

	private static final Duration CURSOR_LIMIT = Duration.ofMillis(100);

	private final RuleStore store;

	private final Namespaces namespaces;

	private final RuleProperties properties;

	RuleReadHandler(RuleStore store, Namespaces namespaces, RuleProperties properties) {
		this.store = store;
		this.namespaces = namespaces;
		this.properties = properties;
	}

	Mono<Reply> all(Request request) {
		return upToDate(request).map((namespace) -> {
			CatalogPosition position = read(namespace);
			RuleSet rules = namespace.rules();
			Collection<StoredRule> all = rules.stored().rules().values();
			String etag = "\"" + rules.revision() + "\"";
			if (isKnown(request, etag)) {
				return notModified(etag);
			}
			if (prefersYaml(request)) {
				return yaml(all).with(HttpHeaders.ETAG, etag);
			}
			return Reply.json(HttpStatus.OK, (json) -> {
				json.writeStartObject();
				json.writeStringProperty("cursor", position.cursor().toString());
				json.writeBooleanProperty("complete", position.complete());
				json.writeStringProperty("revision", Long.toString(rules.revision()));
				json.writeArrayPropertyStart("rules");
				for (StoredRule rule : all) {
					json.writeStartObject();
					writeKey(json, rule.key());
					write(json, RuleVersion.of(rule));
				}
				json.writeEndArray();
				json.writeEndObject();
			}).with(HttpHeaders.ETAG, etag);
		});
	}

	Mono<Reply> one(Request request) {
		RuleKey key = request.rule();
		return upToDate(request).map((namespace) -> {
			CatalogPosition position = read(namespace);
			StoredRule rule = namespace.rules().stored().find(key);
			if (rule == null) {
				throw (position.complete() ? Problem.unknownRule(key.toString())
						: Problem.warmingUp("Rules may be missing for one TTL after the registry's start"))
					.asException();
			}
			String etag = "\"" + rule.generation() + "\"";
			if (isKnown(request, etag)) {
				return notModified(etag);
			}
			if (prefersYaml(request)) {
				return yaml(List.of(rule)).with(HttpHeaders.ETAG, etag);
			}
			return Reply.json(HttpStatus.OK, (json) -> {
				json.writeStartObject();
				writeKey(json, key);
				write(json, RuleVersion.of(rule));
			}).with(HttpHeaders.ETAG, etag);
		});
	}

	Mono<Reply> history(Request request) {
		RuleKey key = request.rule();
		return this.store.history(request.namespace(), key).map((history) -> {
			if (history.isEmpty()) {
				throw Problem.unknownRule(key.toString()).asException();
			}
			return Reply.json(HttpStatus.OK, (json) -> {
				json.writeStartObject();
				writeKey(json, key);
				json.writeArrayPropertyStart("history");
				for (RuleVersion version : history) {
					json.writeStartObject();
					write(json, version);
				}
				json.writeEndArray();
				json.writeEndObject();
			});
		});
	}

	/** Compares the rules that instances run with those that this server knows. */
	Mono<Reply> status(Request request) {
		return upToDate(request).flatMap((namespace) -> {
			read(namespace);
			return this.store.reports(namespace.name()).map((reports) -> status(namespace, reports));
		});
	}

	private static Reply status(NamespaceCatalog namespace, List<RuleReport> reports) {
		String revision = Long.toString(namespace.rules().revision());
		Map<String, Integer> counts = new TreeMap<>();
		List<RuleReport> behind = new ArrayList<>();
		for (RuleReport report : reports) {
			if (namespace.instance(report.service(), report.id()) != null) {
				counts.merge(report.revision(), 1, Integer::sum);
				if (!report.revision().equals(revision)) {
					behind.add(report);
				}
			}
		}
		behind.sort(Comparator.comparing(RuleReport::service).thenComparing(RuleReport::id));
		return Reply.json(HttpStatus.OK, (json) -> {
			json.writeStartObject();
			json.writeStringProperty("revision", revision);
			json.writeNumberProperty("instances", namespace.size());
			json.writeObjectPropertyStart("running");
			counts.forEach(json::writeNumberProperty);
			json.writeEndObject();
			json.writeArrayPropertyStart("behind");
			for (RuleReport report : behind.subList(0, Math.min(MAX_BEHIND, behind.size()))) {
				json.writeStartObject();
				json.writeStringProperty("service", report.service());
				json.writeStringProperty("id", report.id());
				json.writeStringProperty("revision", report.revision());
				json.writeEndObject();
			}
			json.writeEndArray();
			json.writeEndObject();
		});
	}

	/** Analyzes the rules in the body, or those in force if there is no body. */
	Mono<Reply> analyze(Request request) {
		return this.namespaces.lookUp(request.namespace())
			.flatMap((namespace) -> request.body(this.properties.maxApplyBody(), RuleDocuments.TYPES)
				.publishOn(Schedulers.boundedElastic())
				.map((body) -> {
					read(namespace);
					List<RuleDocument> documents = RuleDocuments.read(body, request.header(HttpHeaders.CONTENT_TYPE),
							RuleStore.MAX_EDITS);
					RuleInput input = RuleInput.read(documents,
							RuleWriteHandler.compatibility(request, this.properties));
					if (documents.isEmpty()) {
						new RuleAnalyzer(namespace).analyze(input.findings());
					}
					else {
						new RuleAnalyzer(namespace).analyze(input.rules(), input.findings());
					}
					return findings(input.findings().all());
				}));
	}

	private static Reply findings(List<Map<String, Object>> findings) {
		return Reply.json(HttpStatus.OK, (json) -> {
			json.writeStartObject();
			json.writePOJOProperty("findings", findings);
			json.writeEndObject();
		});
	}

	private Mono<NamespaceCatalog> upToDate(Request request) {
		Cursor cursor = Cursor.parse(request.parameter("cursor"));
		Mono<NamespaceCatalog> found = this.namespaces.lookUp(request.namespace());
		return (cursor == null) ? found
				: found.flatMap((namespace) -> namespace.whenSeen(cursor, CURSOR_LIMIT).thenReturn(namespace));
	}

	private static CatalogPosition read(NamespaceCatalog namespace) {
		CatalogPosition position = namespace.position();
		if (position == null) {
			throw Problem.warmingUp("This server has not read the namespace " + namespace.name() + " yet")
				.asException();
		}
		return position;
	}

	private static boolean isKnown(Request request, String etag) {
		return request.headers(HttpHeaders.IF_NONE_MATCH)
			.stream()
			.anyMatch((value) -> value.contains(etag) || value.equals("*"));
	}

	private static Reply notModified(String etag) {
		return Reply.empty(HttpStatus.NOT_MODIFIED).with(HttpHeaders.ETAG, etag);
	}

	private static boolean prefersYaml(Request request) {
		return request.preferred(TYPES).equals(MediaType.APPLICATION_YAML);
	}

	private static Reply yaml(Collection<StoredRule> rules) {
		byte[] text = YamlWriter.write(rules).getBytes(StandardCharsets.UTF_8);
		return Reply.bytes(HttpStatus.OK, MediaType.APPLICATION_YAML_VALUE, List.of(text));
	}

	private static void writeKey(JsonGenerator json, RuleKey key) {
		json.writeStringProperty("kind", key.kind().toString());
		json.writeStringProperty("name", key.name());
	}

	/** Writes a version, and the end of its object. */
	private static void write(JsonGenerator json, RuleVersion version) {
		json.writeNumberProperty("generation", version.generation());
		json.writeStringProperty("time", version.time().toString());
		json.writeStringProperty("author", version.author());
		json.writeBooleanProperty("authorVerified", false);
		json.writeStringProperty("compatibility", version.compatibility().name());
		json.writeName("document");
		if (version.document() != null) {
			json.writeRawValue(version.document());
		}
		else {
			json.writeNull();
		}
		json.writeEndObject();
	}

}
