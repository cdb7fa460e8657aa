package io.redmesh.registry.rest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.server.PathContainer;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * The table of endpoints: first the path decides, then the method, then what the caller
 * accepts, so that each refusal says what would have been right.
 */
public final class Endpoints implements RouterFunction<ServerResponse> {

	private final List<Path> paths;

	private Endpoints(List<Path> paths) {
		this.paths = paths;
	}

	/**
	 * Starts an empty table.
	 * @return the builder
	 */
	public static Builder builder() {
		return new Builder();
	}

	@Override
	public Mono<HandlerFunction<ServerResponse>> route(ServerRequest request) {
		PathContainer path = request.requestPath().pathWithinApplication();
		for (Path candidate : this.paths) {
			PathPattern.PathMatchInfo match = candidate.pattern.matchAndExtract(path);
			if (match != null) {
				request.attributes()
					.put(RouterFunctions.URI_TEMPLATE_VARIABLES_ATTRIBUTE, Map.copyOf(match.getUriVariables()));
				request.attributes().put(RouterFunctions.MATCHING_PATTERN_ATTRIBUTE, candidate.pattern);
				return Mono.just(candidate.handler(request));
			}
		}
		return Mono.empty();
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
	private record Path(PathPattern pattern, Map<HttpMethod, Endpoint> methods) {

		HandlerFunction<ServerResponse> handler(ServerRequest request) {
			HttpMethod method = request.method();
			Endpoint endpoint = this.methods.get(method.equals(HttpMethod.HEAD) ? HttpMethod.GET : method);
			if (endpoint == null) {
				return (refused) -> Replies.problem(methodNotAllowed(method),
						(headers) -> headers.setAllow(this.methods.keySet()));
			}
			return endpoint.isAcceptable(request) ? endpoint.handler
					: (refused) -> endpoint.notAcceptable(refused).toResponse();
		}

		private Problem methodNotAllowed(HttpMethod method) {
			String expected = this.methods.keySet().stream().map(HttpMethod::name).collect(Collectors.joining(", "));
			return Problem.of("method-not-allowed", HttpStatus.METHOD_NOT_ALLOWED, "This cannot be done here",
					method + " (expected: " + expected + ")");
		}

	}

	private record Endpoint(MediaType produces, String producesText, HandlerFunction<ServerResponse> handler) {

		boolean isAcceptable(ServerRequest request) {
			String accept = request.exchange().getRequest().getHeaders().getFirst(HttpHeaders.ACCEPT);
			if (accept == null || accept.equals(MediaType.ALL_VALUE) || accept.equals(this.producesText)) {
				return true;
			}
			try {
				List<MediaType> accepted = request.headers().accept();
				return accepted.isEmpty() || accepted.stream().anyMatch(this.produces::isCompatibleWith);
			}
			catch (InvalidMediaTypeException ex) {
				return false;
			}
		}

		Problem notAcceptable(ServerRequest request) {
			return Problem.of("not-acceptable", HttpStatus.NOT_ACCEPTABLE, "The answer would not be accepted",
					request.headers().header(HttpHeaders.ACCEPT) + " (expected: " + this.producesText + ")");
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
		 * @param path the pattern of its path
		 * @param handler what it does
		 * @return this
		 */
		public Builder add(HttpMethod method, String path, HandlerFunction<ServerResponse> handler) {
			return add(method, path, MediaType.APPLICATION_JSON, handler);
		}

		/**
		 * Adds an endpoint.
		 * @param method its method
		 * @param path the pattern of its path
		 * @param produces what it answers with
		 * @param handler what it does
		 * @return this
		 */
		public Builder add(HttpMethod method, String path, MediaType produces,
				HandlerFunction<ServerResponse> handler) {
			this.table.computeIfAbsent(path, (key) -> new LinkedHashMap<>())
				.put(method, new Endpoint(produces, produces.toString(), handler));
			return this;
		}

		/**
		 * Ends the collection.
		 * @return the table
		 */
		public Endpoints build() {
			List<Path> paths = new ArrayList<>();
			this.table.forEach((path, methods) -> paths
				.add(new Path(PathPatternParser.defaultInstance.parse(path), Map.copyOf(methods))));
			return new Endpoints(List.copyOf(paths));
		}

	}

}
