package io.redmesh.registry.registration;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.redmesh.core.registry.Cursor;
import io.redmesh.registry.catalog.CatalogInstance;
import io.redmesh.registry.catalog.CatalogPosition;
import io.redmesh.registry.catalog.NamespaceCatalog;
import io.redmesh.registry.catalog.Namespaces;
import io.redmesh.registry.catalog.ServiceView;
import io.redmesh.registry.json.Json;
import io.redmesh.registry.rest.Problem;
import io.redmesh.registry.rest.Reply;
import io.redmesh.registry.rest.Request;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;

/** A handler of reads, which it serves from this server's memory only. */
final class ReadHandler {

	private static final Duration CURSOR_LIMIT = Duration.ofMillis(100);

	private static final byte[] END = { '}' };

	private final Namespaces namespaces;

	private final Counter reads;

	ReadHandler(Namespaces namespaces, MeterRegistry meters) {
		this.namespaces = namespaces;
		this.reads = meters.counter("mesh.server.reads");
	}

	Mono<Reply> services(Request request) {
		return upToDate(request).map((namespace) -> {
			CatalogPosition position = read(namespace);
			Collection<ServiceView> services = namespace.services();
			if (services.isEmpty() && !position.complete()) {
				throw Problem.incomplete().asException();
			}
			return unlessKnown(request, etag(position, position.revision(), 0), () -> List.of(Json.write((json) -> {
				json.writeStartObject();
				json.writeStringProperty("cursor", position.cursor().toString());
				json.writeBooleanProperty("complete", position.complete());
				json.writeArrayPropertyStart("services");
				for (ServiceView service : services) {
					json.writeStartObject();
					json.writeStringProperty("name", service.service());
					json.writeNumberProperty("instances", service.instances().size());
					json.writeEndObject();
				}
				json.writeEndArray();
				json.writeEndObject();
			})));
		});
	}

	Mono<Reply> service(Request request) {
		String service = request.service();
		InstanceFilter filter = InstanceFilter.of(request.parameters());
		return upToDate(request).map((namespace) -> {
			CatalogPosition position = read(namespace);
			ServiceView view = namespace.service(service);
			if (view == null) {
				throw (position.complete() ? Problem.unknownService(service) : Problem.incomplete()).asException();
			}
			byte[] instances = instances(view, filter);
			if (instances.length == 2 && !position.complete()) {
				throw Problem.incomplete().asException();
			}
			return unlessKnown(request, etag(position, view.revision(), filter.mark()),
					() -> body(position, service, instances));
		});
	}

	private static byte[] instances(ServiceView view, InstanceFilter filter) {
		if (filter.isAll()) {
			return view.json();
		}
		List<CatalogInstance> wanted = view.instances()
			.stream()
			.filter((instance) -> filter.accepts(instance.instance()))
			.toList();
		return ServiceView.array(wanted);
	}

	private static List<byte[]> body(CatalogPosition position, String service, byte[] instances) {
		String head = "{\"cursor\":\"%s\",\"complete\":%s,\"service\":\"%s\",\"instances\":"
			.formatted(position.cursor(), position.complete(), service);
		return List.of(head.getBytes(StandardCharsets.US_ASCII), instances, END);
	}

	/**
	 * Returns the namespace, after a short wait for the cursor that the caller has seen
	 * at another server.
	 */
	private Mono<NamespaceCatalog> upToDate(Request request) {
		this.reads.increment();
		String name = request.namespace();
		Mono<NamespaceCatalog> found = this.namespaces.lookUp(name);
		Cursor cursor = Cursor.parse(request.parameter("cursor"));
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

	private static String etag(CatalogPosition position, long revision, int filter) {
		return "W/\"%s.%x%s\"".formatted(position.cursor().at(revision), filter, position.complete() ? "" : "~");
	}

	private static Reply unlessKnown(Request request, String etag, Supplier<List<byte[]>> body) {
		List<String> known = request.headers(HttpHeaders.IF_NONE_MATCH);
		if (known.stream().anyMatch((value) -> value.contains(etag) || value.equals("*"))) {
			return Reply.empty(HttpStatus.NOT_MODIFIED).with(HttpHeaders.ETAG, etag);
		}
		return Reply.bytes(HttpStatus.OK, MediaType.APPLICATION_JSON_VALUE, body.get()).with(HttpHeaders.ETAG, etag);
	}

}
