package io.redmesh.registry.rest;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.redmesh.core.instance.InvalidValueException;
import io.redmesh.registry.catalog.TooManyNamespacesException;
import io.redmesh.registry.catalog.UnknownNamespaceException;
import io.redmesh.registry.json.Json;
import io.redmesh.registry.store.StoreUnavailableException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.core.JsonGenerator;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;

/**
 * A refusal of a request, as {@code application/problem+json} (RFC 9457).
 *
 * @param name the last part of the problem's type, which is stable
 * @param status the status of the response
 * @param title the kind of refusal, the same for all problems of a type
 * @param detail what is wrong with this request
 * @param extensions further members, such as the field and the values that are permitted
 * @param retryAfter the time after which the client may retry, or null
 */
public record Problem(String name, HttpStatus status, String title, String detail, Map<String, Object> extensions,
		@Nullable Duration retryAfter) {

	private static final String TYPE_PREFIX = "urn:redmesh:problem:";

	private static final Duration SOON = Duration.ofSeconds(1);

	/**
	 * Converts a failure to the problem that the caller receives.
	 * @param failure the failure
	 * @return the problem, or null if the failure is the server's own fault
	 */
	static @Nullable Problem of(Throwable failure) {
		if (failure instanceof ProblemException refusal) {
			return refusal.problem();
		}
		if (failure instanceof InvalidValueException invalid) {
			return invalidField(invalid);
		}
		if (failure instanceof StoreUnavailableException unavailable) {
			return storeUnavailable(String.valueOf(unavailable.getMessage()));
		}
		if (failure instanceof UnknownNamespaceException unknown) {
			return notFound(String.valueOf(unknown.getMessage()));
		}
		if (failure instanceof TooManyNamespacesException tooMany) {
			return tooManyNamespaces(String.valueOf(tooMany.getMessage()));
		}
		return null;
	}

	/**
	 * Creates the problem of a fault of this server.
	 * @param id the id of the request in the server's log
	 * @return the problem
	 */
	static Problem internal(String id) {
		return of("internal", HttpStatus.INTERNAL_SERVER_ERROR, "The server failed", "See the server's log: " + id);
	}

	/**
	 * Creates the problem of a value that is not permitted.
	 * @param ex has the field and the values that are permitted
	 * @return the problem
	 */
	public static Problem invalidField(InvalidValueException ex) {
		return new Problem("invalid-field", HttpStatus.BAD_REQUEST, "A field is out of range",
				String.valueOf(ex.getMessage()), Map.of("field", ex.field(), "permitted", ex.permitted()), null);
	}

	static Problem unknownField(String field, @Nullable String didYouMean) {
		String hint = (didYouMean != null) ? "; did you mean " + didYouMean + "?" : "";
		return new Problem("unknown-field", HttpStatus.BAD_REQUEST, "There is no such field", field + hint,
				(didYouMean != null) ? Map.of("field", field, "didYouMean", didYouMean) : Map.of("field", field), null);
	}

	/**
	 * Creates the problem of a body that is not in the format that it claims to have.
	 * @param detail what is wrong with it
	 * @return the problem
	 */
	public static Problem malformedBody(String detail) {
		return of("malformed-body", HttpStatus.BAD_REQUEST, "The body is malformed", detail);
	}

	/**
	 * Creates the problem of a missing lease header.
	 * @return the problem
	 */
	public static Problem missingLease() {
		return of("missing-lease", HttpStatus.BAD_REQUEST, "The lease is missing",
				"Send the token that registration returned in the header " + Request.LEASE_HEADER);
	}

	/**
	 * Creates the problem of a lease that does not exist.
	 * @param instance the instance, as {@code service/id}
	 * @return the problem
	 */
	public static Problem unknownLease(String instance) {
		return of("unknown-lease", HttpStatus.NOT_FOUND, "There is no such lease",
				instance + " is not registered, or its lease has expired: register again");
	}

	/**
	 * Creates the problem of an id that another incarnation holds, or of an incarnation
	 * that has ended.
	 * @param instance the instance, as {@code service/id}
	 * @return the problem
	 */
	public static Problem superseded(String instance) {
		return of("superseded", HttpStatus.CONFLICT, "The lease was superseded",
				instance + " is held by another incarnation, or this one has deregistered");
	}

	/**
	 * Creates the problem of an id with neither an instance nor an override.
	 * @param instance the instance, as {@code service/id}
	 * @return the problem
	 */
	public static Problem unknownInstance(String instance) {
		return of("unknown-instance", HttpStatus.NOT_FOUND, "There is no such instance",
				instance + " is neither registered nor overridden");
	}

	/**
	 * Creates the problem of a service without instances.
	 * @param service the service
	 * @return the problem
	 */
	public static Problem unknownService(String service) {
		return of("unknown-service", HttpStatus.NOT_FOUND, "There is no such service",
				"No instance is registered as " + service);
	}

	/**
	 * Creates the problem of a body, or a line of it, that is above its limit.
	 * @param detail the limit
	 * @return the problem
	 */
	public static Problem bodyTooLarge(String detail) {
		return of("body-too-large", HttpStatus.CONTENT_TOO_LARGE, "The body is too large", detail);
	}

	/**
	 * Creates the problem of documents that are no traffic rules.
	 * @param detail the first error
	 * @param findings all findings
	 * @return the problem
	 */
	public static Problem invalidRule(String detail, List<Map<String, Object>> findings) {
		return new Problem("invalid-rule", HttpStatus.BAD_REQUEST, "A document is no traffic rule", detail,
				Map.of("findings", findings), null);
	}

	/**
	 * Creates the problem of a traffic rule that does not exist.
	 * @param rule the rule, as {@code kind/name}, or a version of it
	 * @return the problem
	 */
	public static Problem unknownRule(String rule) {
		return of("unknown-rule", HttpStatus.NOT_FOUND, "There is no such rule", rule + " does not exist");
	}

	/**
	 * Creates the problem of a traffic rule that another writer has changed.
	 * @param detail what the writer expects
	 * @param generation the generation that is there, 0 for none
	 * @return the problem
	 */
	public static Problem ruleConflict(String detail, long generation) {
		return new Problem("rule-conflict", HttpStatus.CONFLICT, "The rule was changed meanwhile", detail,
				Map.of("generation", Long.toString(generation)), null);
	}

	/**
	 * Creates the problem of a namespace that would have too many traffic rules.
	 * @param detail the limit
	 * @return the problem
	 */
	public static Problem tooManyRules(String detail) {
		return of("too-many-rules", HttpStatus.CONTENT_TOO_LARGE, "Too many rules", detail);
	}

	/**
	 * Creates the problem of a path or a namespace that does not exist.
	 * @param detail what the caller asked for
	 * @return the problem
	 */
	public static Problem notFound(String detail) {
		return of("not-found", HttpStatus.NOT_FOUND, "Not found", detail);
	}

	private static Problem tooManyNamespaces(String detail) {
		return of("too-many-namespaces", HttpStatus.TOO_MANY_REQUESTS, "Too many namespaces", detail)
			.withRetryAfter(Duration.ofMinutes(1));
	}

	/**
	 * Creates the problem of a store that cannot be reached.
	 * @param detail what was tried
	 * @return the problem
	 */
	public static Problem storeUnavailable(String detail) {
		return of("store-unavailable", HttpStatus.SERVICE_UNAVAILABLE, "The store cannot be reached", detail)
			.withRetryAfter(SOON);
	}

	/**
	 * Creates the problem of a server that has not read enough for a response that could
	 * be empty.
	 * @param detail what the server has not read
	 * @return the problem
	 */
	public static Problem warmingUp(String detail) {
		return of("warming-up", HttpStatus.SERVICE_UNAVAILABLE, "The server is warming up", detail)
			.withRetryAfter(SOON);
	}

	/**
	 * Creates the problem of a server on which instances may still be missing.
	 * @return the problem
	 */
	public static Problem incomplete() {
		return warmingUp("Instances may be missing for one TTL after the registry's start");
	}

	/**
	 * Creates the problem of a server that has too much to do at once.
	 * @param detail what the server has too much of
	 * @return the problem
	 */
	public static Problem busy(String detail) {
		return of("busy", HttpStatus.SERVICE_UNAVAILABLE, "The server is busy", detail).withRetryAfter(SOON);
	}

	static Problem of(String name, HttpStatus status, String title, String detail) {
		return new Problem(name, status, title, detail, Map.of(), null);
	}

	/**
	 * Adds the place of the fault in a larger body.
	 * @param place the text before the detail, for example {@code line 7: }
	 * @return the same problem at that place
	 */
	public Problem in(String place) {
		return new Problem(this.name, this.status, this.title, place + this.detail, this.extensions, this.retryAfter);
	}

	private Problem withRetryAfter(Duration after) {
		return new Problem(this.name, this.status, this.title, this.detail, this.extensions, after);
	}

	/**
	 * Returns this problem as an exception, for callers that only an exception reaches.
	 * @return an exception without a stack trace
	 */
	public ProblemException asException() {
		return new ProblemException(this);
	}

	/**
	 * Returns the response to the caller.
	 * @return the response, at once
	 */
	public Mono<Reply> toResponse() {
		return Mono.just(toReply());
	}

	/**
	 * Returns the response to the caller.
	 * @return the response
	 */
	public Reply toReply() {
		Reply reply = Reply.bytes(this.status, MediaType.APPLICATION_PROBLEM_JSON_VALUE, List.of(toJson()));
		return (this.retryAfter != null)
				? reply.with(HttpHeaders.RETRY_AFTER, Long.toString(this.retryAfter.toSeconds())) : reply;
	}

	byte[] toJson() {
		return Json.write(this::writeTo);
	}

	private void writeTo(JsonGenerator json) {
		json.writeStartObject();
		json.writeStringProperty("type", TYPE_PREFIX + this.name);
		json.writeStringProperty("title", this.title);
		json.writeNumberProperty("status", this.status.value());
		json.writeStringProperty("detail", this.detail);
		this.extensions.forEach(json::writePOJOProperty);
		json.writeEndObject();
	}

}
