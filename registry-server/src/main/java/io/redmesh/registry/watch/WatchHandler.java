package io.redmesh.registry.watch;

import java.time.Duration;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpMethod;
import io.redmesh.core.instance.Names;
import io.redmesh.registry.catalog.CatalogPosition;
import io.redmesh.registry.catalog.NamespaceCatalog;
import io.redmesh.registry.catalog.Namespaces;
import io.redmesh.registry.rest.Problem;
import io.redmesh.registry.rest.Reply;
import io.redmesh.registry.rest.Request;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;

/** A handler of watch streams (server-sent events). */
final class WatchHandler {

	private static final String EVERYTHING = "*";

	private static final Duration CATCH_UP = Duration.ofSeconds(1);

	private final Namespaces namespaces;

	private final Watches watches;

	private final SelfWatches selves;

	private final WatchProperties properties;

	WatchHandler(Namespaces namespaces, Watches watches, SelfWatches selves, WatchProperties properties) {
		this.namespaces = namespaces;
		this.watches = watches;
		this.selves = selves;
		this.properties = properties;
	}

	Mono<Reply> watch(Request request) {
		String name = request.namespace();
		Interest interest = new Interest(services(request.parameters().getOrDefault("service", List.of())),
				request.flag("rules"));
		WatcherIdentity self = WatcherIdentity.of(request);
		EventId last = EventId.parse(request.header("Last-Event-ID"));
		if (!this.watches.isAccepting()) {
			return Problem.warmingUp("This server is stopping").toResponse();
		}
		if (request.method().equals(HttpMethod.HEAD)) {
			return Mono.just(Reply.stream(MediaType.TEXT_EVENT_STREAM_VALUE, (channel) -> Flux.empty()));
		}
		return this.namespaces.followForWatch(name).flatMap((namespace) -> watch(namespace, interest, self, last));
	}

	private Mono<Reply> watch(NamespaceCatalog namespace, Interest interest, @Nullable WatcherIdentity self,
			@Nullable EventId last) {
		// Another server was ahead of this one, which is about to catch up.
		Mono<Void> caughtUp = (last != null) ? namespace.whenSeen(last.cursor(), CATCH_UP) : Mono.empty();
		return namespace.whenSeen(null, this.properties.firstRead()).then(caughtUp).then(Mono.fromSupplier(() -> {
			CatalogPosition position = namespace.position();
			if (position == null) {
				return Problem.warmingUp("This server has not read the namespace " + namespace.name() + " yet")
					.toReply();
			}
			if (last != null && this.namespaces.isBehind(position.cursor(), last.cursor())) {
				return Problem.warmingUp("This server is in an earlier epoch than the cursor").toReply();
			}
			if (!this.watches.admit(namespace, interest, last)) {
				return Problem.busy("Too many watches begin at once").toReply();
			}
			return Reply
				.stream(MediaType.TEXT_EVENT_STREAM_VALUE,
						(channel) -> stream(namespace, interest, last, self, channel))
				.with(HttpHeaders.CACHE_CONTROL, "no-cache")
				.with("X-Accel-Buffering", "no");
		}));
	}

	private Flux<ByteBuf> stream(NamespaceCatalog namespace, Interest interest, @Nullable EventId last,
			@Nullable WatcherIdentity self, Channel channel) {
		return Flux.create((sink) -> {
			NettyWire wire = new NettyWire(channel, sink);
			NamespaceWatches watched = this.watches.in(namespace);
			Watcher watcher = watched.join(interest, last, wire);
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
		}, FluxSink.OverflowStrategy.ERROR);
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
