package io.redmesh.registry.rest;

import java.util.regex.Pattern;

import io.redmesh.core.instance.InvalidValueException;
import io.redmesh.core.instance.Names;
import io.redmesh.registry.store.Claim;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.util.unit.DataSize;
import org.springframework.web.reactive.function.server.ServerRequest;

/** What endpoints take out of a request, checked. */
public final class Requests {

	/** The header that carries a lease's token. */
	public static final String LEASE_HEADER = "Mesh-Lease";

	/** The header that carries the secret of an incarnation. */
	public static final String INCARNATION_HEADER = "Mesh-Incarnation";

	private static final Pattern INCARNATION = Pattern.compile("[a-z0-9]{32,64}");

	private static final int MAX_TOKEN = 200;

	private static final byte[] NOTHING = {};

	private Requests() {
	}

	/**
	 * Returns the namespace that the path names.
	 * @param request the request
	 * @return its name
	 */
	public static String namespace(ServerRequest request) {
		return Names.requireNamespace(request.pathVariable("ns"));
	}

	/**
	 * Returns the service that the path names.
	 * @param request the request
	 * @return its name
	 */
	public static String service(ServerRequest request) {
		return Names.requireService(request.pathVariable("service"));
	}

	/**
	 * Returns the id of the instance that the path names.
	 * @param request the request
	 * @return its id
	 */
	public static String id(ServerRequest request) {
		return Names.requireId(request.pathVariable("id"));
	}

	/**
	 * Returns the lease's token, if it was sent.
	 * @param request the request
	 * @return the token, or null
	 */
	public static @Nullable String token(ServerRequest request) {
		String token = request.exchange().getRequest().getHeaders().getFirst(LEASE_HEADER);
		return (token == null || token.isBlank()) ? null : requireToken(token);
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
	 * @param request the request
	 * @return the claim
	 */
	public static Claim claim(ServerRequest request) {
		String incarnation = request.exchange().getRequest().getHeaders().getFirst(INCARNATION_HEADER);
		if (incarnation != null && !INCARNATION.matcher(incarnation).matches()) {
			throw new InvalidValueException(INCARNATION_HEADER, incarnation.length() + " characters",
					"32 to 64 of a-z and 0-9, drawn at random");
		}
		return new Claim(token(request), incarnation);
	}

	/**
	 * Returns the lease's token.
	 * @param request the request
	 * @return the token
	 * @throws ProblemException if it was not sent
	 */
	public static String requiredToken(ServerRequest request) {
		String token = token(request);
		if (token == null) {
			throw Problem.missingLease().asException();
		}
		return token;
	}

	/**
	 * Reads the body.
	 * @param request the request
	 * @param limit how large it may be
	 * @return its bytes, none when there is no body
	 */
	public static Mono<byte[]> body(ServerRequest request, DataSize limit) {
		return body(request, limit, MediaType.APPLICATION_JSON);
	}

	/**
	 * Reads the body.
	 * @param request the request
	 * @param limit how large it may be
	 * @param expected what it must be, where the request says what it is
	 * @return its bytes, none when there is no body
	 */
	public static Mono<byte[]> body(ServerRequest request, DataSize limit, MediaType expected) {
		HttpHeaders headers = request.exchange().getRequest().getHeaders();
		long length = headers.getContentLength();
		if (length == 0 || (length < 0 && headers.getFirst(HttpHeaders.TRANSFER_ENCODING) == null)) {
			return Mono.just(NOTHING);
		}
		if (length > limit.toBytes()) {
			return Mono.error(tooLarge(limit).asException());
		}
		requireType(headers, expected);
		return DataBufferUtils.join(request.exchange().getRequest().getBody(), (int) limit.toBytes())
			.map(Requests::bytes)
			.defaultIfEmpty(NOTHING)
			.onErrorMap(DataBufferLimitException.class, (ex) -> tooLarge(limit).asException());
	}

	private static byte[] bytes(DataBuffer buffer) {
		byte[] bytes = new byte[buffer.readableByteCount()];
		buffer.read(bytes);
		DataBufferUtils.release(buffer);
		return bytes;
	}

	private static void requireType(HttpHeaders headers, MediaType expected) {
		String type = headers.getFirst(HttpHeaders.CONTENT_TYPE);
		if (type != null && !type.equals(expected.toString()) && !isOf(type, expected)) {
			throw unsupportedMediaType(type, expected).asException();
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

	private static Problem unsupportedMediaType(String type, MediaType expected) {
		return Problem.of("unsupported-media-type", HttpStatus.UNSUPPORTED_MEDIA_TYPE, "This cannot be read",
				type + " (expected: " + expected + ")");
	}

	private static Problem tooLarge(DataSize limit) {
		return Problem.of("body-too-large", HttpStatus.CONTENT_TOO_LARGE, "The body is too large",
				"At most " + limit.toKilobytes() + " KiB are read");
	}

}
