package io.redmesh.autoconfigure.registry;

import java.net.URI;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.concurrent.CompletionException;

import io.redmesh.autoconfigure.registry.Answer.Outcome;
import io.redmesh.core.registry.Lease;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/** The reader of the responses of the registry, or of another server at its address. */
final class RegistryAnswers {

	private static final String PROBLEM = "urn:redmesh:problem:";

	private static final JsonMapper mapper = JsonMapper.shared();

	private RegistryAnswers() {
	}

	static Answer read(URI url, int status, String body, @Nullable Lease held, boolean maybeEmpty) {
		JsonNode json = parse(body);
		if (status == 204 && maybeEmpty) {
			return Answer.done(null);
		}
		if (status == 200 || status == 201) {
			Lease lease = lease(json, held);
			return (lease != null) ? Answer.done(lease) : notTheRegistry(url, status);
		}
		String type = json.path("type").asString("");
		if (!type.startsWith(PROBLEM)) {
			return notTheRegistry(url, status);
		}
		String detail = problem(url, json);
		return switch (type.substring(PROBLEM.length())) {
			case "unknown-lease", "unknown-instance" -> Answer.failed(Outcome.UNKNOWN_LEASE, detail);
			case "superseded" -> Answer.failed(Outcome.SUPERSEDED, detail);
			default -> Answer.failed((status >= 500 || status == 429) ? Outcome.UNAVAILABLE : Outcome.REFUSED, detail);
		};
	}

	private static @Nullable Lease lease(JsonNode json, @Nullable Lease held) {
		try {
			JsonNode lease = json.path("lease");
			if (lease.isObject()) {
				return new Lease(Duration.parse(lease.path("ttl").asString()),
						Duration.parse(lease.path("renewEvery").asString()), lease.path("token").asString(),
						lease.path("fence").asLong());
			}
			if (held == null || json.path("cursor").isMissingNode()) {
				return null;
			}
			JsonNode renewEvery = json.path("renewEvery");
			return renewEvery.isMissingNode() ? held
					: new Lease(held.ttl(), Duration.parse(renewEvery.asString()), held.token(), held.fence());
		}
		catch (JacksonException | DateTimeParseException ex) {
			return null;
		}
	}

	/** Describes a problem document, or another response by its status. */
	static String describe(URI url, int status, String body) {
		JsonNode json = parse(body);
		return json.path("type").asString("").startsWith(PROBLEM) ? problem(url, json)
				: notTheRegistry(url, status).detail();
	}

	static String describe(URI url, Throwable failure) {
		Throwable cause = failure;
		while (cause instanceof CompletionException && cause.getCause() != null) {
			cause = cause.getCause();
		}
		String message = cause.getMessage();
		return url + ": " + cause.getClass().getSimpleName() + ((message != null) ? " (" + message + ")" : "");
	}

	private static String problem(URI url, JsonNode json) {
		return url + ": " + json.path("title").asString("") + ", " + json.path("detail").asString("");
	}

	private static Answer notTheRegistry(URI url, int status) {
		return Answer.failed(Outcome.UNAVAILABLE,
				url + ": responds with status " + status + ", but not as a Redmesh registry does");
	}

	private static JsonNode parse(String body) {
		try {
			return body.isEmpty() ? MissingNode.getInstance() : mapper.readTree(body);
		}
		catch (JacksonException ex) {
			return MissingNode.getInstance();
		}
	}

}
