package io.redmesh.registry.store.redis;

import java.util.Set;

import io.redmesh.core.registry.Cursor;
import reactor.core.publisher.Mono;

/**
 * The set of all namespaces in Redis. In a Cluster it has a slot of its own, so scripts
 * cannot write it, and it may be lost by itself.
 */
final class NamespaceList {

	private static final String KEY = "mesh:namespaces";

	private final RedisLink link;

	NamespaceList(RedisLink link) {
		this.link = link;
	}

	Mono<Set<String>> all() {
		return this.link.ask((redis) -> redis.smembers(KEY)).map(Set::copyOf);
	}

	/** Adds a namespace, once in each epoch. */
	Mono<Void> add(RedisNamespace namespace, Cursor cursor) {
		return namespace.isListed(cursor) ? Mono.empty()
				: add(namespace.name()).doOnSuccess((nothing) -> namespace.listed(cursor));
	}

	Mono<Void> add(String namespace) {
		return this.link.ask((redis) -> redis.sadd(KEY, namespace)).then();
	}

	Mono<Void> remove(RedisNamespace namespace) {
		return this.link.ask((redis) -> redis.srem(KEY, namespace.name()))
			.doOnNext((removed) -> namespace.unlisted())
			.then();
	}

}
