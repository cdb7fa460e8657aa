package io.redmesh.registry.rest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import io.netty.handler.codec.http.HttpMethod;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/**
 * A table of endpoints: first the path decides, then the method, then what the caller
 * accepts, so that each refusal says what would have been right.
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
	 * Answers a request.
	 * @param message the request
	 * @param segments its path
	 * @return the answer, or null if the path is none of this table
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
	 * @param path the template of its path
	 * @param reply the answer
	 */
	record Match(String path, Mono<Reply> reply) {

	}

	/**
	 * Lists what the paths begin with.
	 * @return the first segment of each
	 */
	Set<String> roots() {
		return this.paths.stream().map((path) -> path.pattern.root()).collect(Collectors.toSet());
	}

	/**
	 * Lists what there is.
	 * @return a line such as {@code GET /openapi} for each endpoint
	 */
	public Set<String> lines() {
		return this.paths.stream()
			.flatMap((path) -> path.methods.keySet().stream().map((method) -> method + " " + path.pattern))
			.collect(Collectors.toCollection(TreeSet::new));
	}

	/** One path and what can be done there. */
	private record Path(PathTemplate pattern, Map<HttpMethod, Endpoint> methods) {

		Mono<Reply> handle(Request request) {
			HttpMethod method = request.method();
			Endpoint endpoint = this.methods.get(method.equals(HttpMethod.HEAD) ? HttpMethod.GET : method);
			if (endpoint == null) {
				return Mono.just(methodNotAllowed(method));
			}
			return endpoint.isAcceptable(request) ? endpoint.handler.handle(request)
					: endpoint.notAcceptable(request).toResponse();
		}

		private Reply methodNotAllowed(HttpMethod method) {
			String allowed = this.methods.keySet().stream().map(HttpMethod::name).collect(Collectors.joining(", "));
			return Problem
				.of("method-not-allowed", HttpStatus.METHOD_NOT_ALLOWED, "This cannot be done here",
						method + " (expected: " + allowed + ")")
				.toReply()
				.with(HttpHeaders.ALLOW, allowed);
		}

	}

	private record Endpoint(MediaType produces, String producesText, Handler handler) {

		boolean isAcceptable(Request request) {
			List<String> accepted = request.headers(HttpHeaders.ACCEPT);
			if (accepted.isEmpty() || accepted.get(0).equals(MediaType.ALL_VALUE)
					|| accepted.get(0).equals(this.producesText)) {
				return true;
			}
			try {
				List<MediaType> types = MediaType.parseMediaTypes(accepted);
				return types.isEmpty() || types.stream().anyMatch(this::isWanted);
			}
			catch (InvalidMediaTypeException ex) {
				return false;
			}
		}

		/** A quality of 0 says that it is not (RFC 9110, 12.4.2). */
		private boolean isWanted(MediaType type) {
			return type.getQualityValue() > 0 && this.produces.isCompatibleWith(type);
		}

		Problem notAcceptable(Request request) {
			return Problem.of("not-acceptable", HttpStatus.NOT_ACCEPTABLE, "The answer would not be accepted",
					request.headers(HttpHeaders.ACCEPT) + " (expected: " + this.producesText + ")");
		}

	}

	/** Collects endpoints. Earlier paths are tried first. */
	public static final class Builder {

		private final Map<String, Map<HttpMethod, Endpoint>> table = new LinkedHashMap<>();

		private Builder() {
		}

		/**
		 * Adds an endpoint that answers with JSON.
		 * @param method its method
		 * @param path the template of its path
		 * @param handler what it does
		 * @return this
		 */
		public Builder add(HttpMethod method, String path, Handler handler) {
			return add(method, path, MediaType.APPLICATION_JSON, handler);
		}

		/**
		 * Adds an endpoint.
		 * @param method its method
		 * @param path the template of its path
		 * @param produces what it answers with
		 * @param handler what it does
		 * @return this
		 */
		public Builder add(HttpMethod method, String path, MediaType produces, Handler handler) {
			this.table.computeIfAbsent(path, (key) -> new LinkedHashMap<>())
				.put(method, new Endpoint(produces, produces.toString(), handler));
			return this;
		}

		/**
		 * Ends the collection.
		 * @return the table
		 */
		public Operations build() {
			List<Path> paths = new ArrayList<>();
			this.table.forEach((path, methods) -> paths.add(new Path(PathTemplate.parse(path), Map.copyOf(methods))));
			return new Operations(List.copyOf(paths));
		}

	}

}
