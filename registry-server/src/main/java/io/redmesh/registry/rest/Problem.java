package io.redmesh.registry.rest;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.redmesh.core.instance.InvalidValueException;
import io.redmesh.registry.store.StoreUnavailableException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.core.JsonGenerator;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;

/**
 * Why a request was refused, as {@code application/problem+json} (RFC 9457).
 *
 * @param name the last part of its type, stable
 * @param status the status of the answer
 * @param title what kind of refusal it is, the same for all of a type
 * @param detail what is wrong with this request
 * @param extensions further members: the field, what is permitted
 * @param retryAfter when to come again, or null
 */
public record Problem(String name, HttpStatus status, String title, String detail, Map<String, String> extensions,
		@Nullable Duration retryAfter) {

	private static final String TYPE_PREFIX = "urn:redmesh:problem:";

	private static final Duration SOON = Duration.ofSeconds(1);

	/**
	 * Tells what a failure means to the caller.
	 * @param failure what went wrong
	 * @return the problem, or null when the failure is the server's own
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
		return null;
	}

	/**
	 * Something went wrong that should not.
	 * @param id finds it in the server's log
	 * @return the problem
	 */
	static Problem internal(String id) {
		return of("internal", HttpStatus.INTERNAL_SERVER_ERROR, "The server failed", "See the server's log: " + id);
	}

	/**
	 * A field holds what it may not hold.
	 * @param ex names the field and what is permitted
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

	static Problem malformedBody(String detail) {
		return of("malformed-body", HttpStatus.BAD_REQUEST, "The body is not what it should be", detail);
	}

	/**
	 * The header with the lease is missing.
	 * @return the problem
	 */
	public static Problem missingLease() {
		return of("missing-lease", HttpStatus.BAD_REQUEST, "A lease is needed",
				"Send the token that registration returned in the header " + Request.LEASE_HEADER);
	}

	/**
	 * There is no such lease.
	 * @param instance whose
	 * @return the problem
	 */
	public static Problem unknownLease(String instance) {
		return of("unknown-lease", HttpStatus.NOT_FOUND, "There is no such lease",
				instance + " is not registered, or its lease has expired: register again");
	}

	/**
	 * Another incarnation holds the id, or this one was ended.
	 * @param instance whose
	 * @return the problem
	 */
	public static Problem superseded(String instance) {
		return of("superseded", HttpStatus.CONFLICT, "The lease was superseded",
				instance + " is held by another incarnation, or this one has deregistered");
	}

	/**
	 * Neither an instance nor an override is there.
	 * @param instance which
	 * @return the problem
	 */
	public static Problem unknownInstance(String instance) {
		return of("unknown-instance", HttpStatus.NOT_FOUND, "There is no such instance",
				instance + " is neither registered nor overridden");
	}

	/**
	 * Nobody has registered under this name.
	 * @param service the service
	 * @return the problem
	 */
	public static Problem unknownService(String service) {
		return of("unknown-service", HttpStatus.NOT_FOUND, "There is no such service",
				"Nobody is registered as " + service);
	}

	/**
	 * Nothing is to be found at this place.
	 * @param detail what was looked for
	 * @return the problem
	 */
	public static Problem notFound(String detail) {
		return of("not-found", HttpStatus.NOT_FOUND, "There is nothing here", detail);
	}

	/**
	 * This server follows as many namespaces as it may.
	 * @param max how many
	 * @return the problem
	 */
	public static Problem tooManyNamespaces(int max) {
		return of("too-many-namespaces", HttpStatus.TOO_MANY_REQUESTS, "Too many namespaces",
				"This server follows %d namespaces at most (mesh.server.catalog.max-namespaces)".formatted(max))
			.withRetryAfter(Duration.ofMinutes(1));
	}

	/**
	 * The store cannot be reached.
	 * @param detail what was tried
	 * @return the problem
	 */
	public static Problem storeUnavailable(String detail) {
		return of("store-unavailable", HttpStatus.SERVICE_UNAVAILABLE, "The store cannot be reached", detail)
			.withRetryAfter(SOON);
	}

	/**
	 * This server has not read enough to give an answer that could be empty.
	 * @param detail what it does not know
	 * @return the problem
	 */
	public static Problem warmingUp(String detail) {
		return of("warming-up", HttpStatus.SERVICE_UNAVAILABLE, "The server is warming up", detail)
			.withRetryAfter(SOON);
	}

	/**
	 * This server cannot be sure yet that what it lacks is not there.
	 * @return the problem
	 */
	public static Problem incomplete() {
		return warmingUp("Something may be missing for one TTL after the registry's start");
	}

	/**
	 * This server has too much to do at once.
	 * @param detail of what
	 * @return the problem
	 */
	public static Problem busy(String detail) {
		return of("busy", HttpStatus.SERVICE_UNAVAILABLE, "The server is busy", detail).withRetryAfter(SOON);
	}

	static Problem of(String name, HttpStatus status, String title, String detail) {
		return new Problem(name, status, title, detail, Map.of(), null);
	}

	/**
	 * Says where in a larger body it was found.
	 * @param place what goes before the detail, for example {@code line 7: }
	 * @return the same at that place
	 */
	public Problem in(String place) {
		return new Problem(this.name, this.status, this.title, place + this.detail, this.extensions, this.retryAfter);
	}

	private Problem withRetryAfter(Duration after) {
		return new Problem(this.name, this.status, this.title, this.detail, this.extensions, after);
	}

	/**
	 * Returns what to throw where only an exception reaches the caller.
	 * @return an exception without a stack trace
	 */
	public ProblemException asException() {
		return new ProblemException(this);
	}

	/**
	 * Returns the answer.
	 * @return the response
	 */
	public Mono<Reply> toResponse() {
		return Mono.just(toReply());
	}

	/**
	 * Returns the answer.
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
		this.extensions.forEach(json::writeStringProperty);
		json.writeEndObject();
	}

}
