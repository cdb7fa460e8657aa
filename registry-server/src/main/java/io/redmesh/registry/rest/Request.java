package io.redmesh.registry.rest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.redmesh.core.instance.InvalidValueException;
import io.redmesh.core.instance.Names;
import io.redmesh.registry.store.Claim;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.util.unit.DataSize;

/** What was asked, and what handlers take out of it, checked. */
public final class Request {

	/** The header that carries a lease's token. */
	public static final String LEASE_HEADER = "Mesh-Lease";

	/** The header that carries the secret of an incarnation. */
	public static final String INCARNATION_HEADER = "Mesh-Incarnation";

	private static final Pattern INCARNATION = Pattern.compile("[a-z0-9]{32,64}");

	private static final int MAX_TOKEN = 200;

	// The line of a request that names them is limited already.
	private static final int MAX_PARAMETERS = 100_000;

	// What a request says of its length is believed for as much; then it has to come.
	private static final int MAX_BUFFER = 64 * 1024;

	private static final int MIN_BUFFER = 32;

	private static final byte[] NOTHING = {};

	private final HttpServerRequest message;

	private final Map<String, String> variables;

	private @Nullable Map<String, List<String>> query;

	Request(HttpServerRequest message, Map<String, String> variables) {
		this.message = message;
		this.variables = variables;
	}

	/**
	 * Returns the method.
	 * @return the method
	 */
	public HttpMethod method() {
		return this.message.method();
	}

	/**
	 * Returns the namespace that the path names.
	 * @return its name
	 */
	public String namespace() {
		return Names.requireNamespace(variable("ns"));
	}

	/**
	 * Returns the service that the path names.
	 * @return its name
	 */
	public String service() {
		return Names.requireService(variable("service"));
	}

	/**
	 * Returns the id of the instance that the path names.
	 * @return its id
	 */
	public String id() {
		return Names.requireId(variable("id"));
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
	 * Returns a header that may be there several times.
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
	 * Returns the parameters of the query.
	 * @return the values of each
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
	 * Returns the lease's token, if it was sent.
	 * @return the token, or null
	 */
	public @Nullable String token() {
		String token = header(LEASE_HEADER);
		return (token == null || token.isBlank()) ? null : requireToken(token);
	}

	/**
	 * Returns the lease's token.
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
	 * Checks a lease's token, which itself is never told back.
	 * @param token the token
	 * @return the token
	 * @throws InvalidValueException if it can be none
	 */
	public static String requireToken(String token) {
		if (token.isEmpty() || token.length() > MAX_TOKEN) {
			throw new InvalidValueException("token", token.length() + " characters",
					"1 to " + MAX_TOKEN + " characters");
		}
		return token;
	}

	/**
	 * Returns by what the caller claims to be the one that is registered.
	 * @return the claim
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
	 * Reads the body, which is JSON where the request says what it is.
	 * @param limit how large it may be
	 * @return its bytes, none when there is no body
	 */
	public Mono<byte[]> body(DataSize limit) {
		return body(limit, MediaType.APPLICATION_JSON);
	}

	/**
	 * Reads the body.
	 * @param limit how large it may be
	 * @param expected what it must be, where the request says what it is
	 * @return its bytes, none when there is no body
	 */
	public Mono<byte[]> body(DataSize limit, MediaType expected) {
		HttpHeaders headers = this.message.requestHeaders();
		long length = length(headers.get(HttpHeaderNames.CONTENT_LENGTH));
		if (length == 0 || (length < 0 && !headers.contains(HttpHeaderNames.TRANSFER_ENCODING))) {
			return Mono.just(NOTHING);
		}
		if (length > limit.toBytes()) {
			return Mono.error(tooLarge(limit).asException());
		}
		requireType(headers.get(HttpHeaderNames.CONTENT_TYPE), expected);
		return this.message.receive()
			.collect(() -> new ByteArrayOutputStream((int) Math.min(Math.max(length, MIN_BUFFER), MAX_BUFFER)),
					(body, part) -> add(body, part, limit))
			.map(ByteArrayOutputStream::toByteArray);
	}

	/** Netty has refused what is no number. */
	private static long length(@Nullable String header) {
		return (header != null) ? Long.parseLong(header) : -1;
	}

	private static void add(ByteArrayOutputStream body, ByteBuf part, DataSize limit) {
		int size = part.readableBytes();
		if (body.size() + (long) size > limit.toBytes()) {
			throw tooLarge(limit).asException();
		}
		try {
			part.readBytes(body, size);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void requireType(@Nullable String type, MediaType expected) {
		if (type != null && !type.equals(expected.toString()) && !isOf(type, expected)) {
			throw Problem
				.of("unsupported-media-type", HttpStatus.UNSUPPORTED_MEDIA_TYPE, "This cannot be read",
						type + " (expected: " + expected + ")")
				.asException();
		}
	}

	private static boolean isOf(String type, MediaType expected) {
		try {
			return MediaType.parseMediaType(type).isCompatibleWith(expected);
		}
		catch (InvalidMediaTypeException ex) {
			return false;
		}
	}

	private static Problem tooLarge(DataSize limit) {
		return Problem.of("body-too-large", HttpStatus.CONTENT_TOO_LARGE, "The body is too large",
				"At most " + limit.toKilobytes() + " KiB are read");
	}

}
