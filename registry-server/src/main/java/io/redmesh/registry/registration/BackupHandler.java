package io.redmesh.registry.registration;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpMethod;
import io.redmesh.core.instance.InvalidValueException;
import io.redmesh.registry.catalog.CatalogInstance;
import io.redmesh.registry.catalog.CatalogPosition;
import io.redmesh.registry.catalog.InstanceWriter;
import io.redmesh.registry.catalog.NamespaceCatalog;
import io.redmesh.registry.catalog.Namespaces;
import io.redmesh.registry.rest.Problem;
import io.redmesh.registry.rest.ProblemException;
import io.redmesh.registry.rest.Reply;
import io.redmesh.registry.rest.Request;
import io.redmesh.registry.rest.RestProperties;
import io.redmesh.registry.rule.RuleBackup;
import io.redmesh.registry.rule.RuleProperties;
import io.redmesh.registry.store.Backup;
import io.redmesh.registry.store.LoadResult;
import io.redmesh.registry.store.OverrideEntry;
import io.redmesh.registry.store.RegistryStore;
import io.redmesh.registry.store.StoredRule;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.util.unit.DataSize;

/**
 * A handler of the export and the import of a namespace, traffic rules included, with one
 * JSON object a line. An import never overwrites anything. An imported instance has one
 * TTL to renew its lease. Both stream, off the event loops.
 */
final class BackupHandler {

	// About 64 KiB of typical instances.
	private static final int LINES_AT_ONCE = 128;

	private final RegistryStore store;

	private final Namespaces namespaces;

	private final LeaseProperties leases;

	private final RestProperties limits;

	private final DataSize maxLine;

	BackupHandler(RegistryStore store, Namespaces namespaces, LeaseProperties leases, RestProperties limits,
			RuleProperties rules) {
		this.store = store;
		this.namespaces = namespaces;
		this.leases = leases;
		this.limits = limits;
		this.maxLine = DataSize.ofBytes(Math.max(limits.maxBody().toBytes(), rules.maxBody().toBytes()));
	}

	Mono<Reply> write(Request request) {
		String name = request.namespace();
		boolean head = request.method().equals(HttpMethod.HEAD);
		return this.namespaces.lookUp(name).flatMap((namespace) -> {
			CatalogPosition position = namespace.position();
			if (position == null || !position.complete()) {
				return Problem.incomplete().toResponse();
			}
			return this.store.overrides(name)
				.map((overrides) -> Reply.stream(MediaType.APPLICATION_NDJSON_VALUE,
						(channel) -> head ? Flux.empty() : lines(namespace, overrides)));
		});
	}

	private static Flux<ByteBuf> lines(NamespaceCatalog namespace, List<OverrideEntry> overrides) {
		Flux<byte[]> instances = Flux.fromIterable(namespace.services())
			.concatMapIterable((service) -> service.instances())
			.map(CatalogInstance::ownJson);
		Flux<byte[]> unregistered = Flux.fromIterable(overrides)
			.filter((override) -> namespace.instance(override.service(), override.id()) == null)
			.map(InstanceWriter::write);
		Flux<byte[]> rules = Flux.fromIterable(namespace.rules().stored().rules().values()).map(RuleBackup::write);
		return instances.concatWith(unregistered)
			.concatWith(rules)
			.buffer(LINES_AT_ONCE)
			.map(BackupHandler::join)
			.subscribeOn(Schedulers.boundedElastic());
	}

	private static ByteBuf join(List<byte[]> lines) {
		ByteBuf bytes = Unpooled.buffer(lines.stream().mapToInt((line) -> line.length + 1).sum());
		lines.forEach((line) -> bytes.writeBytes(line).writeByte('\n'));
		return bytes;
	}

	Mono<Reply> read(Request request) {
		NamespaceCatalog namespace = this.namespaces.follow(request.namespace());
		AtomicInteger number = new AtomicInteger();
		Imported imported = new Imported();
		return request.lines(this.limits.maxImportBody(), this.maxLine, MediaType.APPLICATION_NDJSON)
			.doOnNext((line) -> number.incrementAndGet())
			.filter((line) -> !isBlank(line))
			.map((line) -> line(number.get(), line))
			.buffer(RegistryStore.MAX_LOADED)
			.concatMap((some) -> load(namespace, some, imported), 1)
			.then(Mono.fromSupplier(imported::toReply));
	}

	private Mono<Void> load(NamespaceCatalog namespace, List<Line> lines, Imported imported) {
		List<Backup> backups = lines.stream().map(Line::backup).filter(Objects::nonNull).toList();
		List<StoredRule> rules = lines.stream().map(Line::rule).filter(Objects::nonNull).toList();
		Mono<LoadResult> loaded = backups.isEmpty() ? Mono.just(LoadResult.NOTHING)
				: this.store.load(namespace.name(), backups);
		Mono<Integer> added = rules.isEmpty() ? Mono.just(0)
				: this.store.rules().addMissing(namespace.name(), namespace.rules().stored(), rules);
		return loaded.doOnNext((result) -> imported.add(backups, result))
			.then(added)
			.doOnNext((count) -> imported.rules += count)
			.then();
	}

	/** A line of a backup: a rule, or something else. */
	private record Line(@Nullable Backup backup, @Nullable StoredRule rule) {

	}

	/** The counts of an import. Its blocks come one after another. */
	private static final class Imported {

		private int instances;

		private int rules;

		private LoadResult loaded = LoadResult.NOTHING;

		void add(List<Backup> backups, LoadResult result) {
			this.instances += (int) backups.stream().filter((backup) -> backup.instance() != null).count();
			this.loaded = this.loaded.plus(result);
		}

		Reply toReply() {
			return Reply.json(HttpStatus.OK, (json) -> {
				json.writeStartObject();
				json.writeNumberProperty("registered", this.loaded.instances());
				json.writeNumberProperty("known", this.instances - this.loaded.instances());
				json.writeNumberProperty("overrides", this.loaded.overrides());
				json.writeNumberProperty("rules", this.rules);
				json.writeEndObject();
			});
		}

	}

	private static boolean isBlank(byte[] line) {
		for (byte one : line) {
			if (one != ' ' && one != '\t' && one != '\r') {
				return false;
			}
		}
		return true;
	}

	private Line line(int number, byte[] line) {
		String place = "line " + number + ": ";
		try {
			if (RuleBackup.isRule(line)) {
				return new Line(null, RuleBackup.read(line));
			}
			if (line.length > this.limits.maxBody().toBytes()) {
				throw Problem.bodyTooLarge("at most " + this.limits.maxBody().toKilobytes() + " KiB are read")
					.asException();
			}
			return new Line(Bodies.backup(line, this.leases), null);
		}
		catch (InvalidValueException ex) {
			throw ex.in(place);
		}
		catch (ProblemException ex) {
			throw ex.problem().in(place).asException();
		}
	}

}
