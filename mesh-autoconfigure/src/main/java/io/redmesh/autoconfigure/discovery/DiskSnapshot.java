package io.redmesh.autoconfigure.discovery;

import java.io.IOException;
import java.net.URI;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.redmesh.autoconfigure.registry.InstanceJson;
import io.redmesh.autoconfigure.registry.RuleDocuments;
import io.redmesh.autoconfigure.rule.RuleSources;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.registry.ServiceSnapshot;
import io.redmesh.core.time.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The last known services and traffic rules in a file, which an app that starts without a
 * registry uses for its calls. A file that cannot be read or written is a loss of
 * comfort, never an error.
 */
final class DiskSnapshot {

	private static final Logger logger = LoggerFactory.getLogger(DiskSnapshot.class);

	private static final int FORMAT = 1;

	private static final JsonMapper mapper = JsonMapper.shared();

	private final Path file;

	private final String namespace;

	private final Time time;

	private boolean failed;

	/**
	 * Creates the snapshot. Each registry has a file of its own: the services of one say
	 * nothing about another, even with the same names of namespace and app.
	 */
	DiskSnapshot(Path directory, String namespace, String service, Collection<URI> registry, Time time) {
		int registryHash = Set.copyOf(registry).hashCode();
		this.file = directory.resolve("%s-%s-%08x.json".formatted(namespace, service, registryHash));
		this.namespace = namespace;
		this.time = time;
	}

	/**
	 * Loads the services and traffic rules of an earlier run.
	 * @param catalog receives the services
	 * @param rules receives the rules, if the file has any
	 */
	void load(Catalog catalog, RuleSources rules) {
		try {
			if (!Files.isRegularFile(this.file, LinkOption.NOFOLLOW_LINKS)) {
				return;
			}
			if (!isOurs()) {
				logger.warn("Ignored the snapshot {}: it belongs to another user", this.file);
				return;
			}
			JsonNode json = mapper.readTree(Files.readString(this.file));
			if (json.path("format").asInt(0) != FORMAT || !json.path("namespace").asString("").equals(this.namespace)) {
				logger.warn("Ignored the snapshot {}: it is not one of namespace {}", this.file, this.namespace);
				return;
			}
			Map<String, List<Instance>> services = InstanceJson.read(json.path("services"));
			catalog.remember(services);
			logger.info("Loaded {} services as of {}, from {}", services.size(), json.path("at").asString(""),
					this.file);
			if (json.path("rules").isObject()) {
				rules.remember(RuleDocuments.read(json.path("rules")));
			}
		}
		catch (IOException | JacksonException ex) {
			logger.warn("Ignored the snapshot {}: {}", this.file, ex.toString());
		}
	}

	/**
	 * Returns whether the file belongs to the user of this process. In a shared
	 * directory, another user could create a file that directs calls to wrong addresses.
	 */
	private boolean isOurs() throws IOException {
		Path probe = Files.createTempFile(directory(), "owner", null);
		try {
			return Files.getOwner(this.file, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(probe));
		}
		finally {
			Files.delete(probe);
		}
	}

	/**
	 * Writes the current services of a catalog and the rules of the registry in force, in
	 * whole or not at all.
	 */
	synchronized void save(Catalog catalog, RuleSources rules) {
		Map<String, List<Instance>> services = new LinkedHashMap<>();
		for (String service : catalog.services()) {
			ServiceSnapshot snapshot = catalog.service(service);
			if (snapshot != null && !catalog.isFixed(service)) {
				services.put(service, snapshot.instances());
			}
		}
		ObjectNode json = JsonNodeFactory.instance.objectNode()
			.put("format", FORMAT)
			.put("namespace", this.namespace)
			.put("at", this.time.now().toString());
		json.set("services", InstanceJson.write(services));
		RuleDocuments documents = rules.state().documents();
		if (documents != null) {
			json.set("rules", documents.write());
		}
		try {
			createDirectory();
			write(json.toString());
			this.failed = false;
		}
		catch (IOException ex) {
			if (!this.failed) {
				this.failed = true;
				logger.warn("Cannot write the snapshot {}: {}. Set mesh.discovery.snapshot-directory to a "
						+ "directory that can be written to", this.file, ex.toString());
			}
		}
	}

	private void createDirectory() throws IOException {
		Path directory = directory();
		if (!Files.isDirectory(directory)) {
			boolean posix = directory.getFileSystem().supportedFileAttributeViews().contains("posix");
			FileAttribute<?>[] onlyOurs = !posix ? new FileAttribute<?>[0] : new FileAttribute<?>[] {
					PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")) };
			Files.createDirectories(directory, onlyOurs);
		}
	}

	/**
	 * Writes a temporary file, which only its owner can read, and moves it into place.
	 */
	private void write(String text) throws IOException {
		Path temporary = Files.createTempFile(directory(), "snapshot", null);
		try {
			Files.writeString(temporary, text);
			try {
				Files.move(temporary, this.file, StandardCopyOption.ATOMIC_MOVE);
			}
			catch (AtomicMoveNotSupportedException ex) {
				Files.move(temporary, this.file, StandardCopyOption.REPLACE_EXISTING);
			}
		}
		finally {
			Files.deleteIfExists(temporary);
		}
	}

	private Path directory() {
		Path directory = this.file.getParent();
		return (directory != null) ? directory : Path.of("");
	}

}
