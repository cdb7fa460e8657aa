package io.redmesh.registry.rule;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.micrometer.core.instrument.MeterRegistry;
import io.redmesh.core.instance.InvalidValueException;
import io.redmesh.core.traffic.Compatibility;
import io.redmesh.core.traffic.RuleKey;
import io.redmesh.registry.catalog.CatalogPosition;
import io.redmesh.registry.catalog.NamespaceCatalog;
import io.redmesh.registry.catalog.Namespaces;
import io.redmesh.registry.rest.Problem;
import io.redmesh.registry.rest.Reply;
import io.redmesh.registry.rest.Request;
import io.redmesh.registry.store.RuleEdit;
import io.redmesh.registry.store.RuleResult;
import io.redmesh.registry.store.RuleResult.Edited;
import io.redmesh.registry.store.RuleResult.Outcome;
import io.redmesh.registry.store.RuleStore;
import io.redmesh.registry.store.RuleVersion;
import io.redmesh.registry.store.RuleWrite;
import io.redmesh.registry.store.StoredRules;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.core.JsonGenerator;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.util.unit.DataSize;

/**
 * A handler of writes of traffic rules. Documents are parsed off the event loops, since a
 * large one takes a while.
 */
final class RuleWriteHandler {

	private static final Logger logger = LoggerFactory.getLogger(RuleWriteHandler.class);

	private static final Pattern ETAG = Pattern.compile("(?:W/)?\"?(\\d{1,18})\"?");

	private static final List<Map<String, Object>> NO_FINDINGS = List.of();

	private final RuleStore store;

	private final Namespaces namespaces;

	private final RuleProperties properties;

	private final MeterRegistry meters;

	RuleWriteHandler(RuleStore store, Namespaces namespaces, RuleProperties properties, MeterRegistry meters) {
		this.store = store;
		this.namespaces = namespaces;
		this.properties = properties;
		this.meters = meters;
	}

	Mono<Reply> put(Request request) {
		RuleKey key = request.rule();
		Long expected = expected(request);
		return input(request, this.properties.maxBody(), 1).flatMap((input) -> {
			input.requireValid();
			RuleInput.Sent sent = input.rules().get(key);
			if (sent == null) {
				throw new InvalidValueException("metadata.name", input.rules().keySet(),
						"the rule in the path: " + key);
			}
			RuleEdit edit = new RuleEdit(key, expected, compatibility(request), sent.json());
			return write(request, null, List.of(edit), input)
				.map((result) -> one(request, result, input.findings().all()));
		});
	}

	Mono<Reply> apply(Request request) {
		Long expected = expected(request);
		return input(request, this.properties.maxApplyBody(), RuleStore.MAX_EDITS).flatMap((input) -> {
			input.requireValid();
			Compatibility compatibility = compatibility(request);
			List<RuleEdit> edits = new ArrayList<>();
			input.rules().forEach((key, sent) -> edits.add(new RuleEdit(key, null, compatibility, sent.json())));
			return write(request, expected, edits, input)
				.map((result) -> many(request, result, input.findings().all()));
		});
	}

	Mono<Reply> delete(Request request) {
		RuleKey key = request.rule();
		RuleEdit edit = new RuleEdit(key, expected(request), this.properties.compatibility(), null);
		return write(request, null, List.of(edit), null).map((result) -> {
			if (result.edits().get(0).outcome() == Outcome.UNKNOWN) {
				return Problem.unknownRule(key.toString()).toReply();
			}
			return isDryRun(request) ? one(request, result, NO_FINDINGS) : Reply.empty(HttpStatus.NO_CONTENT);
		});
	}

	/** Writes an earlier version again, by default the one before that in force. */
	Mono<Reply> rollback(Request request) {
		RuleKey key = request.rule();
		String to = request.parameter("to");
		Long generation = (to != null) ? number("to", to) : null;
		Long expected = expected(request);
		return this.store.history(request.namespace(), key).flatMap((history) -> {
			RuleVersion version = version(key, history, generation);
			RuleVersion newest = history.get(0);
			// Another write in the meantime is a conflict.
			long current = (newest.document() != null) ? newest.generation() : 0;
			RuleEdit edit = new RuleEdit(key, Objects.requireNonNullElse(expected, current), version.compatibility(),
					version.document());
			return write(request, null, List.of(edit), null);
		}).map((result) -> one(request, result, NO_FINDINGS));
	}

	private static RuleVersion version(RuleKey key, List<RuleVersion> history, @Nullable Long generation) {
		if (history.isEmpty()) {
			throw Problem.unknownRule(key.toString()).asException();
		}
		if (generation == null) {
			if (history.size() < 2) {
				throw Problem.unknownRule("An earlier version of " + key).asException();
			}
			return history.get(1);
		}
		return history.stream()
			.filter((version) -> version.generation() == generation)
			.findFirst()
			.orElseThrow(() -> Problem.unknownRule("Generation " + generation + " of " + key).asException());
	}

	private Mono<RuleInput> input(Request request, DataSize limit, int max) {
		Compatibility compatibility = compatibility(request);
		return request.body(limit, RuleDocuments.TYPES)
			.publishOn(Schedulers.boundedElastic())
			.map((body) -> RuleInput.read(RuleDocuments.read(body, request.header(HttpHeaders.CONTENT_TYPE), max),
					compatibility));
	}

	private Compatibility compatibility(Request request) {
		return compatibility(request, this.properties);
	}

	static Compatibility compatibility(Request request, RuleProperties properties) {
		String word = request.parameter("compatibility");
		if (word == null) {
			return properties.compatibility();
		}
		for (Compatibility one : Compatibility.values()) {
			if (one.name().equalsIgnoreCase(word)) {
				return one;
			}
		}
		throw new InvalidValueException("compatibility", word, "friendly, lenient or strict");
	}

	/** Returns the generation that the caller expects, 0 for no rule, or null for any. */
	private static @Nullable Long expected(Request request) {
		String match = request.header(HttpHeaders.IF_MATCH);
		if (match != null) {
			return number(HttpHeaders.IF_MATCH, match);
		}
		String none = request.header(HttpHeaders.IF_NONE_MATCH);
		if (none != null && !none.equals("*")) {
			throw new InvalidValueException(HttpHeaders.IF_NONE_MATCH, none, "*");
		}
		return (none != null) ? 0L : null;
	}

	private static long number(String name, String text) {
		Matcher digits = ETAG.matcher(text);
		if (!digits.matches()) {
			throw new InvalidValueException(name, text, "the number of a generation");
		}
		return Long.parseLong(digits.group(1));
	}

	private Mono<RuleResult> write(Request request, @Nullable Long revision, List<RuleEdit> edits,
			@Nullable RuleInput input) {
		String name = request.namespace();
		String author = request.author();
		NamespaceCatalog namespace = this.namespaces.follow(name);
		StoredRules known = namespace.rules().stored();
		requireRoom(known, edits);
		if (isDryRun(request)) {
			if (input != null) {
				new RuleAnalyzer(namespace).analyze(input.rules(), input.findings());
			}
			return Mono.just(requireNoConflict(preview(namespace, revision, edits), revision, edits));
		}
		return this.store.write(name, new RuleWrite(author, revision, known, edits)).map((result) -> {
			noteOutcomes(name, author, result);
			return requireNoConflict(result, revision, edits);
		});
	}

	private static boolean isDryRun(Request request) {
		return request.flag("dryRun");
	}

	private static RuleResult preview(NamespaceCatalog namespace, @Nullable Long revision, List<RuleEdit> edits) {
		CatalogPosition position = namespace.position();
		if (position == null) {
			throw Problem.warmingUp("This server has not read the namespace " + namespace.name() + " yet")
				.asException();
		}
		StoredRules known = namespace.rules().stored();
		List<Edited> outcomes = edits.stream()
			.map((edit) -> new Edited(edit.key(), known.outcomeOf(edit), generation(known, edit.key())))
			.toList();
		boolean conflict = (revision != null && revision != known.revision())
				|| outcomes.stream().anyMatch((edited) -> edited.outcome() == Outcome.CONFLICT);
		return new RuleResult(conflict, outcomes, known.revision(), position.cursor());
	}

	private static long generation(StoredRules known, RuleKey key) {
		return (known.find(key) != null) ? known.generation(key) : 0;
	}

	private static RuleResult requireNoConflict(RuleResult result, @Nullable Long revision, List<RuleEdit> edits) {
		if (!result.conflict()) {
			return result;
		}
		for (int i = 0; i < edits.size(); i++) {
			Edited edited = result.edits().get(i);
			if (edited.outcome() == Outcome.CONFLICT) {
				throw Problem
					.ruleConflict("%s has generation %d, not %d: read it again".formatted(edited.key(),
							edited.generation(), edits.get(i).expected()), edited.generation())
					.asException();
			}
		}
		throw Problem
			.ruleConflict("The rules have revision %d, not %d: read them again".formatted(result.revision(), revision),
					result.revision())
			.asException();
	}

	/**
	 * Refuses what would become too large. Servers that write at the same time may exceed
	 * the limit together by one write.
	 */
	private void requireRoom(StoredRules known, List<RuleEdit> edits) {
		Map<RuleKey, Integer> sizes = new HashMap<>();
		known.rules().forEach((key, rule) -> sizes.put(key, rule.document().length()));
		long before = sizes.size();
		for (RuleEdit edit : edits) {
			if (edit.document() != null) {
				sizes.put(edit.key(), edit.document().length());
			}
		}
		long size = sizes.values().stream().mapToLong(Integer::longValue).sum();
		if (sizes.size() > before && sizes.size() > this.properties.maxRules()) {
			throw Problem
				.tooManyRules("%d rules (expected: at most %d, mesh.server.rules.max-rules)".formatted(sizes.size(),
						this.properties.maxRules()))
				.asException();
		}
		if (size > this.properties.maxSize().toBytes()) {
			throw Problem
				.tooManyRules("%d bytes in all rules (expected: at most %d, mesh.server.rules.max-size)".formatted(size,
						this.properties.maxSize().toBytes()))
				.asException();
		}
	}

	private void noteOutcomes(String namespace, String author, RuleResult result) {
		for (Edited edited : result.edits()) {
			Outcome outcome = result.conflict() ? Outcome.CONFLICT : edited.outcome();
			String word = outcome.name().toLowerCase(Locale.ROOT);
			this.meters.counter("mesh.server.rule.writes", "outcome", word).increment();
			if (outcome.isChange()) {
				logger.info("{} in {} {} by {}, generation {}", edited.key(), namespace, word,
						author.isEmpty() ? "an unnamed author" : "\"" + author + "\"", edited.generation());
			}
		}
	}

	private static Reply one(Request request, RuleResult result, List<Map<String, Object>> findings) {
		Edited edited = result.edits().get(0);
		HttpStatus status = (edited.outcome() == Outcome.CREATED && !isDryRun(request)) ? HttpStatus.CREATED
				: HttpStatus.OK;
		Reply reply = Reply.json(status, (json) -> {
			json.writeStartObject();
			write(json, edited);
			writeEnd(json, request, result, findings);
		});
		return reply.with(HttpHeaders.ETAG, "\"" + edited.generation() + "\"");
	}

	private static Reply many(Request request, RuleResult result, List<Map<String, Object>> findings) {
		return Reply.json(HttpStatus.OK, (json) -> {
			json.writeStartObject();
			json.writeArrayPropertyStart("rules");
			for (Edited edited : result.edits()) {
				json.writeStartObject();
				write(json, edited);
				json.writeEndObject();
			}
			json.writeEndArray();
			writeEnd(json, request, result, findings);
		}).with(HttpHeaders.ETAG, "\"" + result.revision() + "\"");
	}

	private static void write(JsonGenerator json, Edited edited) {
		json.writeStringProperty("kind", edited.key().kind().toString());
		json.writeStringProperty("name", edited.key().name());
		json.writeStringProperty("outcome", edited.outcome().name());
		json.writeNumberProperty("generation", edited.generation());
	}

	private static void writeEnd(JsonGenerator json, Request request, RuleResult result,
			List<Map<String, Object>> findings) {
		json.writeStringProperty("revision", Long.toString(result.revision()));
		json.writeStringProperty("cursor", result.cursor().toString());
		if (isDryRun(request)) {
			json.writeBooleanProperty("dryRun", true);
		}
		json.writePOJOProperty("findings", findings);
		json.writeEndObject();
	}

}
