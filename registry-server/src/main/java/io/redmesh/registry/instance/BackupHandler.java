package io.redmesh.registry.instance;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import io.redmesh.core.instance.InvalidValueException;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.Time;
import io.redmesh.registry.catalog.Catalog;
import io.redmesh.registry.catalog.CatalogInstance;
import io.redmesh.registry.catalog.NamespaceCatalog;
import io.redmesh.registry.catalog.ServiceView;
import io.redmesh.registry.catalog.Standing;
import io.redmesh.registry.instance.Bodies.Backup;
import io.redmesh.registry.rest.Problem;
import io.redmesh.registry.rest.ProblemException;
import io.redmesh.registry.rest.Reply;
import io.redmesh.registry.rest.Request;
import io.redmesh.registry.rest.RestProperties;
import io.redmesh.registry.store.LeaseTokens;
import io.redmesh.registry.store.RegistryStore;
import io.redmesh.registry.store.Remembered;
import io.redmesh.registry.store.StoredInstance;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;

/**
 * A namespace goes to a file and comes back: one JSON object a line. What comes back
 * never overwrites what is there, and has one TTL to be renewed by a registration.
 */
final class BackupHandler {

	private final RegistryStore store;

	private final Catalog catalog;

	private final LeaseProperties leases;

	private final RestProperties limits;

	private final Time time;

	private final LeaseTokens tokens = new LeaseTokens();

	BackupHandler(RegistryStore store, Catalog catalog, LeaseProperties leases, RestProperties limits, Time time) {
		this.store = store;
		this.catalog = catalog;
		this.leases = leases;
		this.limits = limits;
		this.time = time;
	}

	Mono<Reply> write(Request request) {
		String name = request.namespace();
		return this.catalog.lookUp(name).map((namespace) -> {
			Standing standing = namespace.standing();
			if (standing == null || !standing.complete()) {
				return Problem.incomplete().toReply();
			}
			return Reply.bytes(HttpStatus.OK, MediaType.APPLICATION_NDJSON_VALUE, List.of(lines(namespace)));
		});
	}

	private static byte[] lines(NamespaceCatalog namespace) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		for (ServiceView service : namespace.services()) {
			for (CatalogInstance instance : service.instances()) {
				bytes.writeBytes(instance.ownJson());
				bytes.write('\n');
			}
		}
		return bytes.toByteArray();
	}

	Mono<Reply> read(Request request) {
		String name = request.namespace();
		return request.body(this.limits.maxImportBody(), MediaType.APPLICATION_NDJSON).flatMap((body) -> {
			List<Backup> backups = backups(body);
			NamespaceCatalog namespace = this.catalog.follow(name);
			Standing standing = namespace.standing();
			if (standing == null) {
				return Problem.warmingUp("This server has not read the namespace " + name + " yet").toResponse();
			}
			Cursor epoch = standing.cursor();
			return this.store.restore(name, epoch, backups.stream().map((backup) -> remembered(backup, epoch)).toList())
				.map((restored) -> Reply.json(HttpStatus.OK, (json) -> {
					json.writeStartObject();
					json.writeNumberProperty("registered", restored.held());
					json.writeNumberProperty("known", backups.size() - restored.held());
					json.writeEndObject();
				}));
		});
	}

	/** A word from before all history, so that any other is newer. */
	private Remembered remembered(Backup backup, Cursor epoch) {
		long fence = this.time.now().toEpochMilli();
		return new Remembered.Held(new StoredInstance(backup.registration().instance().withFence(fence),
				backup.override(), backup.registration().ttl(), LeaseTokens.token(fence, this.tokens.secret()),
				new Cursor(epoch.lineage(), 0, 0)));
	}

	private List<Backup> backups(byte[] body) {
		List<Backup> backups = new ArrayList<>();
		int number = 0;
		for (String line : new String(body, StandardCharsets.UTF_8).split("\n", -1)) {
			number++;
			if (!line.isBlank()) {
				backups.add(backup(number, line));
			}
		}
		return backups;
	}

	private Backup backup(int number, String line) {
		String place = "line " + number + ": ";
		try {
			return Bodies.backup(line.getBytes(StandardCharsets.UTF_8), this.leases);
		}
		catch (InvalidValueException ex) {
			throw ex.in(place);
		}
		catch (ProblemException ex) {
			throw ex.problem().in(place).asException();
		}
	}

}
