package io.redmesh.registry.rest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.netty.handler.codec.http.HttpMethod;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;

/**
 * A table of operations. The path is matched first, then the method, then the types that
 * the caller accepts. So each refusal names what would have been right.
 */
public final class Operations {

	private final List<Path> paths;

	private Operations(List<Path> paths) {
		this.paths = paths;
	}

	/**
	 * Starts an empty table.
	 * @return the builder
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * Handles a request.
	 * @param message the request
	 * @param segments the segments of its path
	 * @return the response, or null if no path of this table matches
	 */
	@Nullable Match handle(HttpServerRequest message, List<String> segments) {
		for (Path path : this.paths) {
			Map<String, String> variables = path.pattern.match(segments);
			if (variables != null) {
				return new Match(path.pattern.toString(), path.handle(new Request(message, variables)));
			}
		}
		return null;
	}

	/**
	 * A matched path and the response to its request.
	 *
	 * @param path the template of the path
	 * @param reply the response
	 */
	record Match(String path, Mono<Reply> reply) {

	}

	/** Returns the first segments of all paths. */
	Set<String> roots() {
		return this.paths.stream().map((path) -> path.pattern.root()).collect(Collectors.toSet());
	}

	/**
	 * Returns all operations.
	 * @return a line such as {@code GET /openapi} for each operation
	 */
	public Set<String> lines() {
		return this.paths.stream()
			.flatMap((path) -> path.methods.keySet().stream().map((method) -> method + " " + path.pattern))
			.collect(Collectors.toCollection(TreeSet::new));
	}

	/** A path and its operations by method. */
	private record Path(PathTemplate pattern, Map<HttpMethod, Operation> methods) {

		Mono<Reply> handle(Request request) {
			HttpMethod method = request.method();
			if (method.equals(HttpMethod.OPTIONS)) {
				return Mono.just(Reply.empty(HttpStatus.NO_CONTENT).with(HttpHeaders.ALLOW, allowed()));
			}
			Operation operation = this.methods.get(method.equals(HttpMethod.HEAD) ? HttpMethod.GET : method);
			if (operation == null) {
				return Mono.just(methodNotAllowed(method));
			}
			return operation.isAcceptable(request) ? operation.handler.handle(request)
					: operation.notAcceptable(request).toResponse();
		}

		private Reply methodNotAllowed(HttpMethod method) {
			return Problem
				.of("method-not-allowed", HttpStatus.METHOD_NOT_ALLOWED, "The method is not allowed",
						method + " (expected: " + allowed() + ")")
				.toReply()
				.with(HttpHeaders.ALLOW, allowed());
		}

		private String allowed() {
			Stream<HttpMethod> implied = this.methods.containsKey(HttpMethod.GET)
					? Stream.of(HttpMethod.HEAD, HttpMethod.OPTIONS) : Stream.of(HttpMethod.OPTIONS);
			return Stream.concat(this.methods.keySet().stream(), implied)
				.map(HttpMethod::name)
				.collect(Collectors.joining(", "));
		}

	}

	/** An operation, with the types of its response, of which the first one is usual. */
	private record Operation(List<MediaType> produces, String producesText, Handler handler) {

		boolean isAcceptable(Request request) {
			List<String> accepted = request.headers(HttpHeaders.ACCEPT);
			if (accepted.isEmpty() || (accepted.size() == 1
					&& (accepted.get(0).equals(this.producesText) || accepted.get(0).equals(MediaType.ALL_VALUE)))) {
				return true;
			}
			AcceptedTypes types = AcceptedTypes.of(accepted);
			return this.produces.stream().anyMatch((type) -> types.quality(type) > 0);
		}

		Problem notAcceptable(Request request) {
			return Problem.of("not-acceptable", HttpStatus.NOT_ACCEPTABLE, "The response type is not acceptable",
					request.headers(HttpHeaders.ACCEPT) + " (expected: " + this.producesText + ")");
		}

	}

	/** A builder of a table. Paths that were added earlier are matched first. */
	public static final class Builder {

		private final Map<String, Map<HttpMethod, Operation>> table = new LinkedHashMap<>();

		private Builder() {
		}

		/**
		 * Adds an operation that responds with JSON.
		 * @param method its method
		 * @param path the template of its path
		 * @param handler its handler
		 * @return this
		 */
		public Builder add(HttpMethod method, String path, Handler handler) {
			return add(method, path, MediaType.APPLICATION_JSON, handler);
		}

		/**
		 * Adds an operation.
		 * @param method its method
		 * @param path the template of its path
		 * @param produces the media type of its response
		 * @param handler its handler
		 * @return this
		 */
		public Builder add(HttpMethod method, String path, MediaType produces, Handler handler) {
			return add(method, path, List.of(produces), handler);
		}

		/**
		 * Adds an operation whose caller chooses the type of the response.
		 * @param method its method
		 * @param path the template of its path
		 * @param produces the media types of its response, the usual one first
		 * @param handler its handler, which asks for {@link Request#preferred(List)}
		 * @return this
		 */
		public Builder add(HttpMethod method, String path, List<MediaType> produces, Handler handler) {
			String text = produces.stream().map(MediaType::toString).collect(Collectors.joining(", "));
			this.table.computeIfAbsent(path, (key) -> new LinkedHashMap<>())
				.put(method, new Operation(List.copyOf(produces), text, handler));
			return this;
		}

		/**
		 * Builds the table.
		 * @return the table
		 */
		public Operations build() {
			List<Path> paths = new ArrayList<>();
			this.table.forEach((path, methods) -> paths.add(new Path(PathTemplate.parse(path), Map.copyOf(methods))));
			return new Operations(List.copyOf(paths));
		}

	}

}
