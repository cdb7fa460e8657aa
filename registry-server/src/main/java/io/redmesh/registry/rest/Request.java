package io.redmesh.registry.rest;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.redmesh.core.instance.InvalidValueException;
import io.redmesh.core.instance.Names;
import io.redmesh.core.traffic.RuleKey;
import io.redmesh.core.traffic.RuleKind;
import io.redmesh.registry.store.Claim;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.util.unit.DataSize;

/** A request, from which handlers read checked values. */
public final class Request {

	/** The header with the token of a lease. */
	public static final String LEASE_HEADER = "Mesh-Lease";

	/** The header with the secret of an incarnation. */
	public static final String INCARNATION_HEADER = "Mesh-Incarnation";

	/** The header with the author of a write. */
	public static final String AUTHOR_HEADER = "Mesh-Author";

	private static final Pattern AUTHOR = Pattern.compile("[ -~]{1,128}");

	private static final Pattern INCARNATION = Pattern.compile("[a-z0-9]{32,64}");

	private static final int MAX_TOKEN = 200;

	// The maximum length of a request line limits them already.
	private static final int MAX_PARAMETERS = 100_000;

	private final HttpServerRequest message;

	private final Map<String, String> variables;

	private @Nullable Map<String, List<String>> query;

	Request(HttpServerRequest message, Map<String, String> variables) {
		this.message = message;
		this.variables = variables;
	}

	/** Returns the method. */
	public HttpMethod method() {
		return this.message.method();
	}

	/**
	 * Returns the namespace in the path.
	 * @return its name, which is valid
	 */
	public String namespace() {
		return Names.requireNamespace(variable("ns"));
	}

	/**
	 * Returns the service in the path.
	 * @return its name, which is valid
	 */
	public String service() {
		return Names.requireService(variable("service"));
	}

	/**
	 * Returns the id of the instance in the path.
	 * @return its id, which is valid
	 */
	public String id() {
		return Names.requireId(variable("id"));
	}

	/**
	 * Returns the traffic rule in the path.
	 * @return its key, which is valid
	 */
	public RuleKey rule() {
		String word = variable("kind");
		RuleKind kind = RuleKind.parse(word);
		if (kind == null) {
			throw new InvalidValueException("kind", word, "one of " + List.of(RuleKind.values()));
		}
		return new RuleKey(kind, variable("name"));
	}

	private String variable(String name) {
		String value = this.variables.get(name);
		if (value == null) {
			throw new IllegalStateException("The path has no " + name);
		}
		return value;
	}

	/**
	 * Returns a header.
	 * @param name its name
	 * @return its first value, or null
	 */
	public @Nullable String header(CharSequence name) {
		return this.message.requestHeaders().get(name);
	}

	/**
	 * Returns a header that may occur several times.
	 * @param name its name
	 * @return its values
	 */
	public List<String> headers(CharSequence name) {
		return this.message.requestHeaders().getAll(name);
	}

	/**
	 * Returns a parameter of the query.
	 * @param name its name
	 * @return its first value, or null
	 */
	public @Nullable String parameter(String name) {
		List<String> values = parameters().get(name);
		return (values != null) ? values.get(0) : null;
	}

	/**
	 * Returns a parameter of the query that is true or false.
	 * @param name its name
	 * @return whether it is true; false if it is missing
	 */
	public boolean flag(String name) {
		String value = parameter(name);
		if (value != null && !value.equals("true") && !value.equals("false")) {
			throw new InvalidValueException(name, value, "true or false");
		}
		return "true".equals(value);
	}

	/**
	 * Chooses the type of the response.
	 * @param offered the types that there are, the usual one first
	 * @return the type that the caller prefers
	 */
	public MediaType preferred(List<MediaType> offered) {
		AcceptedTypes accepted = AcceptedTypes.of(headers(HttpHeaders.ACCEPT));
		MediaType best = offered.get(0);
		for (MediaType type : offered) {
			best = (accepted.quality(type) > accepted.quality(best)) ? type : best;
		}
		return best;
	}

	/**
	 * Returns the parameters of the query.
	 * @return the values of each parameter
	 */
	public Map<String, List<String>> parameters() {
		Map<String, List<String>> parameters = this.query;
		if (parameters == null) {
			parameters = parameters(this.message.uri());
			this.query = parameters;
		}
		return parameters;
	}

	private static Map<String, List<String>> parameters(String uri) {
		if (uri.indexOf('?') < 0) {
			return Map.of();
		}
		try {
			return new QueryStringDecoder(uri, StandardCharsets.UTF_8, true, MAX_PARAMETERS, true).parameters();
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidValueException("query", String.valueOf(ex.getMessage()), "a percent-encoded query");
		}
	}

	/**
	 * Returns the lease's token.
	 * @return the token, or null if it was not sent
	 */
	public @Nullable String token() {
		String token = header(LEASE_HEADER);
		return (token == null || token.isBlank()) ? null : requireToken(token);
	}

	/**
	 * Returns the required token of a lease.
	 * @return the token
	 * @throws ProblemException if it was not sent
	 */
	public String requiredToken() {
		String token = token();
		if (token == null) {
			throw Problem.missingLease().asException();
		}
		return token;
	}

	/**
	 * Checks a lease's token. The exception does not contain it.
	 * @param token the token
	 * @return the token
	 * @throws InvalidValueException if it is empty or too long
	 */
	public static String requireToken(String token) {
		if (token.isEmpty() || token.length() > MAX_TOKEN) {
			throw new InvalidValueException("token", token.length() + " characters",
					"1 to " + MAX_TOKEN + " characters");
		}
		return token;
	}

	/**
	 * Returns the caller's claim to be the registered instance.
	 * @return the token and the incarnation's secret, each null if it was not sent
	 */
	public Claim claim() {
		String incarnation = header(INCARNATION_HEADER);
		if (incarnation != null && !INCARNATION.matcher(incarnation).matches()) {
			throw new InvalidValueException(INCARNATION_HEADER, incarnation.length() + " characters",
					"32 to 64 of a-z and 0-9, drawn at random");
		}
		return new Claim(token(), incarnation);
	}

	/**
	 * Returns the author that the caller names, which proves nothing.
	 * @return the author, or empty if none was sent
	 */
	public String author() {
		String author = header(AUTHOR_HEADER);
		if (author != null && !isAuthor(author)) {
			throw new InvalidValueException(AUTHOR_HEADER, author.length() + " characters",
					"1 to 128 printable characters of ASCII");
		}
		return (author != null) ? author : "";
	}

	/**
	 * Returns whether a text can be an author.
	 * @param text the text
	 * @return whether it has 1 to 128 printable characters of ASCII
	 */
	public static boolean isAuthor(String text) {
		return AUTHOR.matcher(text).matches();
	}

	/**
	 * Reads a JSON body. A request without {@code Content-Type} is taken for JSON.
	 * @param limit the maximum size of the body
	 * @return its bytes, none if there is no body
	 */
	public Mono<byte[]> body(DataSize limit) {
		return body(limit, MediaType.APPLICATION_JSON);
	}

	/**
	 * Reads the body.
	 * @param limit the maximum size of the body
	 * @param expected the types of which {@code Content-Type} must match one, if it was
	 * sent
	 * @return its bytes, none if there is no body
	 */
	public Mono<byte[]> body(DataSize limit, MediaType... expected) {
		return new RequestBody(this.message, limit).whole(expected);
	}

	/**
	 * Reads a body of many lines without keeping the whole body in memory. A line is
	 * delivered on a thread that may be busy with it for a while. The next part of the
	 * body is read after that.
	 * @param limit the maximum size of the body
	 * @param lineLimit the maximum size of a line
	 * @param expected the type that {@code Content-Type} must match, if it was sent
	 * @return the lines without their ends, also empty ones
	 */
	public Flux<byte[]> lines(DataSize limit, DataSize lineLimit, MediaType expected) {
		return new RequestBody(this.message, limit).lines(lineLimit, expected);
	}

}
