package io.redmesh.registry.rest;

import io.redmesh.core.instance.Names;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.util.unit.DataSize;
import org.springframework.web.reactive.function.server.ServerRequest;

/** What endpoints take out of a request, checked. */
public final class Requests {

	/** The header that carries a lease's token. */
	public static final String LEASE_HEADER = "Mesh-Lease";

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
		return (token == null || token.isBlank()) ? null : token;
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
		HttpHeaders headers = request.exchange().getRequest().getHeaders();
		long length = headers.getContentLength();
		if (length == 0 || (length < 0 && headers.getFirst(HttpHeaders.TRANSFER_ENCODING) == null)) {
			return Mono.just(NOTHING);
		}
		if (length > limit.toBytes()) {
			return Mono.error(tooLarge(limit).asException());
		}
		requireJson(headers);
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

	private static void requireJson(HttpHeaders headers) {
		String type = headers.getFirst(HttpHeaders.CONTENT_TYPE);
		if (type == null || type.equals(MediaType.APPLICATION_JSON_VALUE)) {
			return;
		}
		MediaType parsed = headers.getContentType();
		if (parsed == null || !parsed.isCompatibleWith(MediaType.APPLICATION_JSON)) {
			throw unsupportedMediaType(type).asException();
		}
	}

	static Problem unsupportedMediaType(String type) {
		return Problem.of("unsupported-media-type", HttpStatus.UNSUPPORTED_MEDIA_TYPE, "This cannot be read",
				type + " (expected: " + MediaType.APPLICATION_JSON_VALUE + ")");
	}

	private static Problem tooLarge(DataSize limit) {
		return Problem.of("body-too-large", HttpStatus.CONTENT_TOO_LARGE, "The body is too large",
				"At most " + limit.toKilobytes() + " KiB are read");
	}

}
