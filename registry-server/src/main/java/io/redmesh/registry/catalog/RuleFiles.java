package io.redmesh.registry.catalog;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;

import io.redmesh.core.registry.Cursor;
import io.redmesh.core.traffic.Compatibility;
import io.redmesh.core.traffic.RuleKey;
import io.redmesh.core.traffic.RuleKind;
import io.redmesh.registry.json.Json;
import io.redmesh.registry.store.StoredRule;
import io.redmesh.registry.store.StoredRules;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An archive with one file for each namespace. A file is replaced as a whole. While one
 * is being written, only the newest of the sets that arrive is kept for the next.
 */
final class RuleFiles implements RuleArchive, AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(RuleFiles.class);

	private static final int FORMAT = 1;

	private static final String SUFFIX = ".rules.json";

	private static final JsonMapper mapper = new JsonMapper();

	private final Path directory;

	private final Scheduler writer = Schedulers.newSingle("mesh-rules", true);

	private final Map<String, RuleSet> kept = new ConcurrentHashMap<>();

	private final Map<String, RuleSet> unwritten = new ConcurrentHashMap<>();

	private boolean failed;

	/**
	 * Opens an archive and reads its files.
	 * @param directory the directory, which need not exist yet
	 */
	RuleFiles(Path directory) {
		this.directory = directory;
		if (Files.isDirectory(directory)) {
			readAll();
		}
	}

	private void readAll() {
		try (DirectoryStream<Path> files = Files.newDirectoryStream(this.directory, "*" + SUFFIX)) {
			for (Path file : files) {
				read(file);
			}
		}
		catch (IOException ex) {
			logger.warn("Cannot read the traffic rules in {}: {}", this.directory, ex.toString());
		}
	}

	private void read(Path file) throws IOException {
		try {
			JsonNode json = mapper.readTree(Files.readAllBytes(file));
			if (json.path("format").asInt(0) == FORMAT) {
				this.kept.put(json.path("namespace").asString(),
						new RuleSet(Cursor.parse(json.path("cursor").asString()), rules(json)));
			}
		}
		// Whatever is in the file, this server starts.
		catch (RuntimeException ex) {
			logger.warn("Ignored {}, it holds no traffic rules: {}", file, ex.toString());
		}
	}

	private static StoredRules rules(JsonNode json) {
		List<StoredRule> rules = new ArrayList<>();
		for (JsonNode rule : json.path("rules")) {
			rules.add(new StoredRule(key(rule), rule.path("generation").asLong(),
					Instant.parse(rule.path("time").asString()), rule.path("author").asString(),
					Compatibility.valueOf(rule.path("compatibility").asString()), rule.path("document").toString()));
		}
		Map<RuleKey, Long> deleted = new HashMap<>();
		for (JsonNode gone : json.path("deleted")) {
			deleted.put(key(gone), gone.path("generation").asLong());
		}
		return StoredRules.of(json.path("origin").asString(), rules, deleted);
	}

	private static RuleKey key(JsonNode json) {
		RuleKind kind = RuleKind.parse(json.path("kind").asString());
		if (kind == null) {
			throw new IllegalArgumentException("unknown kind of rule " + json.path("kind"));
		}
		return new RuleKey(kind, json.path("name").asString());
	}

	@Override
	public Set<String> namespaces() {
		return Set.copyOf(this.kept.keySet());
	}

	@Override
	public RuleSet recall(String namespace) {
		return Objects.requireNonNullElse(this.kept.remove(namespace), RuleSet.UNKNOWN);
	}

	@Override
	public void keep(String namespace, RuleSet rules) {
		if (this.unwritten.put(namespace, rules) == null) {
			try {
				this.writer.schedule(() -> write(namespace));
			}
			catch (RejectedExecutionException ex) {
				logger.debug("This server stops, the rules of {} are not kept", namespace);
			}
		}
	}

	@Override
	public void forget(String namespace) {
		keep(namespace, RuleSet.UNKNOWN);
	}

	private synchronized void write(String namespace) {
		RuleSet rules = this.unwritten.remove(namespace);
		if (rules == null) {
			return;
		}
		try {
			Path file = this.directory.resolve(namespace + SUFFIX);
			if (rules.stored().isEmpty()) {
				Files.deleteIfExists(file);
			}
			else {
				replace(file, json(namespace, rules));
			}
			this.failed = false;
		}
		catch (IOException ex) {
			if (!this.failed) {
				this.failed = true;
				logger.warn("Cannot keep the traffic rules in {}: {}. Set mesh.server.catalog.rules-directory to a "
						+ "directory that can be written to", this.directory, ex.toString());
			}
		}
	}

	private void replace(Path file, byte[] content) throws IOException {
		if (!Files.isDirectory(this.directory)) {
			Files.createDirectories(this.directory, forOwnerOnly());
		}
		Path temporary = Files.createTempFile(this.directory, "rules", null);
		try {
			Files.write(temporary, content, StandardOpenOption.WRITE, StandardOpenOption.SYNC);
			try {
				Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
			}
			catch (AtomicMoveNotSupportedException ex) {
				Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
			}
		}
		finally {
			Files.deleteIfExists(temporary);
		}
	}

	private FileAttribute<?>[] forOwnerOnly() {
		boolean posix = this.directory.getFileSystem().supportedFileAttributeViews().contains("posix");
		return !posix ? new FileAttribute<?>[0] : new FileAttribute<?>[] {
				PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")) };
	}

	private static byte[] json(String namespace, RuleSet rules) {
		Cursor cursor = rules.changed();
		return Json.write((json) -> {
			json.writeStartObject();
			json.writeNumberProperty("format", FORMAT);
			json.writeStringProperty("namespace", namespace);
			json.writeStringProperty("cursor", (cursor != null) ? cursor.toString() : "");
			json.writeStringProperty("origin", rules.stored().origin());
			json.writeArrayPropertyStart("rules");
			rules.stored().rules().values().forEach((rule) -> write(json, rule));
			json.writeEndArray();
			json.writeArrayPropertyStart("deleted");
			rules.stored().deleted().forEach((key, generation) -> {
				write(json, key, generation);
				json.writeEndObject();
			});
			json.writeEndArray();
			json.writeEndObject();
		});
	}

	private static void write(JsonGenerator json, StoredRule rule) {
		write(json, rule.key(), rule.generation());
		json.writeStringProperty("time", rule.time().toString());
		json.writeStringProperty("author", rule.author());
		json.writeStringProperty("compatibility", rule.compatibility().name());
		json.writeName("document");
		json.writeRawValue(rule.document());
		json.writeEndObject();
	}

	private static void write(JsonGenerator json, RuleKey key, long generation) {
		json.writeStartObject();
		json.writeStringProperty("kind", key.kind().toString());
		json.writeStringProperty("name", key.name());
		json.writeNumberProperty("generation", generation);
	}

	/** Writes what is not written yet. */
	@Override
	public void close() {
		this.writer.dispose();
		Set.copyOf(this.unwritten.keySet()).forEach(this::write);
	}

}
