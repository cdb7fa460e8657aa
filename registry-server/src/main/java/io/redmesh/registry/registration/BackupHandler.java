package io.redmesh.registry.registration;

import java.util.List;
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
import io.redmesh.registry.store.Backup;
import io.redmesh.registry.store.LoadResult;
import io.redmesh.registry.store.OverrideEntry;
import io.redmesh.registry.store.RegistryStore;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;

/**
 * A handler of the export and the import of a namespace, with one JSON object a line. An
 * import never overwrites anything. An imported instance has one TTL to renew its lease.
 * Both stream, off the event loops.
 */
final class BackupHandler {

	// About 64 KiB of typical instances.
	private static final int LINES_AT_ONCE = 128;

	private final RegistryStore store;

	private final Namespaces namespaces;

	private final LeaseProperties leases;

	private final RestProperties limits;

	BackupHandler(RegistryStore store, Namespaces namespaces, LeaseProperties leases, RestProperties limits) {
		this.store = store;
		this.namespaces = namespaces;
		this.leases = leases;
		this.limits = limits;
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
		return instances.concatWith(unregistered)
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
		String name = request.namespace();
		AtomicInteger number = new AtomicInteger();
		AtomicInteger instances = new AtomicInteger();
		this.namespaces.follow(name);
		return request.lines(this.limits.maxImportBody(), this.limits.maxBody(), MediaType.APPLICATION_NDJSON)
			.doOnNext((line) -> number.incrementAndGet())
			.filter((line) -> !isBlank(line))
			.map((line) -> backup(number.get(), line))
			.doOnNext((backup) -> instances.addAndGet((backup.instance() != null) ? 1 : 0))
			.buffer(RegistryStore.MAX_LOADED)
			.concatMap((some) -> this.store.load(name, some), 1)
			.reduce(LoadResult.NOTHING, LoadResult::plus)
			.map((loaded) -> response(loaded, instances.get()));
	}

	private static Reply response(LoadResult loaded, int instances) {
		return Reply.json(HttpStatus.OK, (json) -> {
			json.writeStartObject();
			json.writeNumberProperty("registered", loaded.instances());
			json.writeNumberProperty("known", instances - loaded.instances());
			json.writeNumberProperty("overrides", loaded.overrides());
			json.writeEndObject();
		});
	}

	private static boolean isBlank(byte[] line) {
		for (byte one : line) {
			if (one != ' ' && one != '\t' && one != '\r') {
				return false;
			}
		}
		return true;
	}

	private Backup backup(int number, byte[] line) {
		String place = "line " + number + ": ";
		try {
			return Bodies.backup(line, this.leases);
		}
		catch (InvalidValueException ex) {
			throw ex.in(place);
		}
		catch (ProblemException ex) {
			throw ex.problem().in(place).asException();
		}
	}

}
