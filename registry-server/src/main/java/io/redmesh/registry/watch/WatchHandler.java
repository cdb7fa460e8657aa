package io.redmesh.registry.watch;

import java.time.Duration;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;

import io.netty.channel.Channel;
import io.redmesh.core.instance.Names;
import io.redmesh.registry.catalog.Catalog;
import io.redmesh.registry.catalog.NamespaceCatalog;
import io.redmesh.registry.catalog.Standing;
import io.redmesh.registry.rest.Problem;
import io.redmesh.registry.rest.Requests;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;

import org.springframework.http.CacheControl;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;

/** Somebody watches. */
final class WatchHandler {

	private static final String EVERYTHING = "*";

	private static final Duration CATCH_UP = Duration.ofSeconds(1);

	private final Catalog catalog;

	private final Watches watches;

	private final SelfWatches selves;

	private final WatchProperties properties;

	WatchHandler(Catalog catalog, Watches watches, SelfWatches selves, WatchProperties properties) {
		this.catalog = catalog;
		this.watches = watches;
		this.selves = selves;
		this.properties = properties;
	}

	Mono<ServerResponse> watch(ServerRequest request) {
		String name = Requests.namespace(request);
		SortedSet<String> services = services(request.queryParams().getOrDefault("service", List.of()));
		Identity self = Identity.of(request);
		EventId last = EventId.parse(request.headers().firstHeader("Last-Event-ID"));
		if (!this.watches.isAccepting()) {
			return Problem.warmingUp("This server is stopping").toResponse();
		}
		if (request.method().equals(HttpMethod.HEAD)) {
			return ServerResponse.ok().contentType(MediaType.TEXT_EVENT_STREAM).build();
		}
		NamespaceCatalog namespace = this.catalog.follow(name);
		// Another server was ahead of this one, which is about to catch up.
		Mono<Void> caughtUp = (last != null) ? namespace.whenSeen(last.cursor(), CATCH_UP) : Mono.empty();
		return namespace.whenRead(this.properties.firstRead()).then(caughtUp).then(Mono.defer(() -> {
			Standing standing = namespace.standing();
			if (standing == null) {
				return Problem.warmingUp("This server has not read the namespace " + name + " yet").toResponse();
			}
			if (last != null && this.catalog.isBehind(standing.cursor(), last.cursor())) {
				return Problem.warmingUp("This server is in an epoch before that of the cursor").toResponse();
			}
			if (!this.watches.admit(namespace, services, last)) {
				return Problem.busy("Too many watches begin at once").toResponse();
			}
			return ServerResponse.ok()
				.contentType(MediaType.TEXT_EVENT_STREAM)
				.cacheControl(CacheControl.noCache())
				.header("X-Accel-Buffering", "no")
				.body((message, context) -> stream(namespace, services, last, self, message));
		}));
	}

	private Mono<Void> stream(NamespaceCatalog namespace, SortedSet<String> services, @Nullable EventId last,
			@Nullable Identity self, ServerHttpResponse response) {
		Channel channel = channel(response);
		return response.writeWith(Flux.create((sink) -> {
			NettyWire wire = new NettyWire(channel, sink, response.bufferFactory());
			NamespaceWatches watched = this.watches.in(namespace);
			Watcher watcher = watched.join(services, last, wire);
			if (self != null) {
				this.selves.opened(namespace.name(), self);
			}
			sink.onDispose(() -> {
				watched.leave(watcher);
				channel.eventLoop().execute(watcher::closed);
				if (self != null) {
					this.selves.closed(namespace, self, this.watches.isAccepting());
				}
			});
			sink.onRequest((demand) -> watcher.wakeUp());
			if (!this.watches.isAccepting()) {
				watcher.complete();
			}
		}, FluxSink.OverflowStrategy.ERROR));
	}

	private static Channel channel(ServerHttpResponse response) {
		HttpServerResponse message = ServerHttpResponseDecorator.getNativeResponse(response);
		AtomicReference<Channel> channel = new AtomicReference<>();
		message.withConnection((connection) -> channel.set(connection.channel()));
		return channel.get();
	}

	private static SortedSet<String> services(List<String> named) {
		SortedSet<String> services = new TreeSet<>();
		for (String service : named) {
			if (service.equals(EVERYTHING)) {
				return new TreeSet<>();
			}
			services.add(Names.requireService(service));
		}
		return services;
	}

}
