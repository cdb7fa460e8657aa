package io.redmesh.registry.eviction;

import java.util.List;

import io.redmesh.core.instance.Names;
import io.redmesh.registry.catalog.Namespaces;
import io.redmesh.registry.rest.Fields;
import io.redmesh.registry.rest.Reply;
import io.redmesh.registry.rest.Request;
import io.redmesh.registry.rest.RestProperties;
import io.redmesh.registry.store.Incarnation;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpStatus;

/**
 * A handler of hints, by which callers report instances that refused their connections.
 */
final class HintHandler {

	private static final List<String> HINTS = List.of("refused");

	private static final List<String> INSTANCE = List.of("service", "id", "fence");

	private static final int MAX_HINTS = 100;

	private final Namespaces namespaces;

	private final SuspectVerifier verifier;

	private final RestProperties limits;

	HintHandler(Namespaces namespaces, SuspectVerifier verifier, RestProperties limits) {
		this.namespaces = namespaces;
		this.verifier = verifier;
		this.limits = limits;
	}

	Mono<Reply> hints(Request request) {
		String namespace = request.namespace();
		return request.body(this.limits.maxBody()).map((body) -> {
			List<Incarnation> refused = Fields.read(body, HINTS)
				.objects("refused", MAX_HINTS, INSTANCE)
				.stream()
				.map((fields) -> new Incarnation(fields.requiredText("service", Names::requireService),
						fields.requiredText("id", Names::requireId), fields.requiredNumber("fence", 0, Long.MAX_VALUE)))
				.toList();
			if (this.namespaces.find(namespace) != null) {
				refused.forEach((incarnation) -> this.verifier.hint(namespace, incarnation));
			}
			return Reply.empty(HttpStatus.ACCEPTED);
		});
	}

}
