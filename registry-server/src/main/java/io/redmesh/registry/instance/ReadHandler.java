package io.redmesh.registry.instance;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.redmesh.core.registry.Cursor;
import io.redmesh.registry.catalog.Catalog;
import io.redmesh.registry.catalog.CatalogInstance;
import io.redmesh.registry.catalog.NamespaceCatalog;
import io.redmesh.registry.catalog.ServiceView;
import io.redmesh.registry.catalog.Standing;
import io.redmesh.registry.rest.Json;
import io.redmesh.registry.rest.Problem;
import io.redmesh.registry.rest.Replies;
import io.redmesh.registry.rest.Requests;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;

/** Services are looked up, in this server's memory only. */
final class ReadHandler {

	private static final Duration CURSOR_LIMIT = Duration.ofMillis(100);

	private static final byte[] END = { '}' };

	private final Catalog catalog;

	private final Counter reads;

	ReadHandler(Catalog catalog, MeterRegistry meters) {
		this.catalog = catalog;
		this.reads = meters.counter("mesh.server.reads");
	}

	Mono<ServerResponse> services(ServerRequest request) {
		return upToDate(request).flatMap((namespace) -> {
			Standing standing = read(namespace);
			Collection<ServiceView> services = namespace.services();
			if (services.isEmpty() && !standing.complete()) {
				throw Problem.incomplete().asException();
			}
			return unlessKnown(request, etag(standing, standing.revision(), 0), () -> List.of(Json.write((json) -> {
				json.writeStartObject();
				json.writeStringProperty("cursor", standing.cursor().toString());
				json.writeBooleanProperty("complete", standing.complete());
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

	Mono<ServerResponse> service(ServerRequest request) {
		String service = Requests.service(request);
		InstanceFilter filter = InstanceFilter.of(request.queryParams());
		return upToDate(request).flatMap((namespace) -> {
			Standing standing = read(namespace);
			ServiceView view = namespace.service(service);
			if (view == null) {
				throw (standing.complete() ? Problem.unknownService(service) : Problem.incomplete()).asException();
			}
			byte[] instances = instances(view, filter);
			if (instances.length == 2 && !standing.complete()) {
				throw Problem.incomplete().asException();
			}
			return unlessKnown(request, etag(standing, view.revision(), filter.mark()),
					() -> body(standing, service, instances));
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

	private static List<byte[]> body(Standing standing, String service, byte[] instances) {
		String head = "{\"cursor\":\"%s\",\"complete\":%s,\"service\":\"%s\",\"instances\":"
			.formatted(standing.cursor(), standing.complete(), service);
		return List.of(head.getBytes(StandardCharsets.US_ASCII), instances, END);
	}

	/** The namespace, as new as the caller has already seen it elsewhere. */
	private Mono<NamespaceCatalog> upToDate(ServerRequest request) {
		this.reads.increment();
		String name = Requests.namespace(request);
		Mono<NamespaceCatalog> found = this.catalog.lookUp(name);
		Cursor cursor = Cursor.parse(request.queryParam("cursor").orElse(null));
		return (cursor == null) ? found
				: found.flatMap((namespace) -> namespace.whenSeen(cursor, CURSOR_LIMIT).thenReturn(namespace));
	}

	private static Standing read(NamespaceCatalog namespace) {
		Standing standing = namespace.standing();
		if (standing == null) {
			throw Problem.warmingUp("This server has not read the namespace " + namespace.name() + " yet")
				.asException();
		}
		return standing;
	}

	private static String etag(Standing standing, long revision, int filter) {
		return "W/\"%s.%x%s\"".formatted(standing.cursor().at(revision), filter, standing.complete() ? "" : "~");
	}

	private static Mono<ServerResponse> unlessKnown(ServerRequest request, String etag, Supplier<List<byte[]>> body) {
		List<String> known = request.headers().header(HttpHeaders.IF_NONE_MATCH);
		if (known.stream().anyMatch((value) -> value.contains(etag) || value.equals("*"))) {
			return ServerResponse.status(HttpStatus.NOT_MODIFIED).header(HttpHeaders.ETAG, etag).build();
		}
		return Replies.bytes(HttpStatus.OK, MediaType.APPLICATION_JSON, body.get(),
				(headers) -> headers.set(HttpHeaders.ETAG, etag));
	}

}
