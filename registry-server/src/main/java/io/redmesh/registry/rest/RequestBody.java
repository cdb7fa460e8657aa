package io.redmesh.registry.rest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.stream.Collectors;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.server.HttpServerRequest;

import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.util.unit.DataSize;

/** The body of a request, read up to its limit. */
final class RequestBody {

	// A buffer of this size is reserved for an announced length. Beyond it the bytes must
	// arrive first.
	private static final int MAX_BUFFER = 64 * 1024;

	private static final int MIN_BUFFER = 32;

	private static final byte[] NOTHING = {};

	private final HttpServerRequest message;

	private final HttpHeaders headers;

	private final DataSize limit;

	private final long length;

	RequestBody(HttpServerRequest message, DataSize limit) {
		this.message = message;
		this.headers = message.requestHeaders();
		this.limit = limit;
		// Netty has already refused a length that is no number.
		String length = this.headers.get(HttpHeaderNames.CONTENT_LENGTH);
		this.length = (length != null) ? Long.parseLong(length) : -1;
	}

	Mono<byte[]> whole(MediaType... expected) {
		if (this.length == 0 || (this.length < 0 && !this.headers.contains(HttpHeaderNames.TRANSFER_ENCODING))) {
			return Mono.just(NOTHING);
		}
		if (this.length > this.limit.toBytes()) {
			return Mono.error(tooLarge(this.limit).asException());
		}
		requireType(expected);
		return this.message.receive()
			.collect(() -> new ByteArrayOutputStream((int) Math.min(Math.max(this.length, MIN_BUFFER), MAX_BUFFER)),
					this::add)
			.map(ByteArrayOutputStream::toByteArray);
	}

	private void add(ByteArrayOutputStream body, ByteBuf part) {
		int size = part.readableBytes();
		if (body.size() + (long) size > this.limit.toBytes()) {
			throw tooLarge(this.limit).asException();
		}
		try {
			part.readBytes(body, size);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	Flux<byte[]> lines(DataSize lineLimit, MediaType expected) {
		if (this.length > this.limit.toBytes()) {
			return Flux.error(tooLarge(this.limit).asException());
		}
		requireType(expected);
		return Flux.defer(() -> {
			LineSplitter lines = new LineSplitter(this.limit, lineLimit);
			return this.message.receive()
				.asByteArray()
				.publishOn(Schedulers.boundedElastic(), 1)
				.concatMapIterable(lines::add, 1)
				.concatWith(Mono.fromSupplier(lines::rest));
		});
	}

	private void requireType(MediaType... expected) {
		String type = this.headers.get(HttpHeaderNames.CONTENT_TYPE);
		if (type == null || Arrays.stream(expected).anyMatch((one) -> type.equals(one.toString()) || isOf(type, one))) {
			return;
		}
		String permitted = Arrays.stream(expected).map(MediaType::toString).collect(Collectors.joining(", "));
		throw Problem
			.of("unsupported-media-type", HttpStatus.UNSUPPORTED_MEDIA_TYPE, "The media type is not supported",
					type + " (expected: " + permitted + ")")
			.asException();
	}

	private static boolean isOf(String type, MediaType expected) {
		try {
			return MediaType.parseMediaType(type).isCompatibleWith(expected);
		}
		catch (InvalidMediaTypeException ex) {
			return false;
		}
	}

	static Problem tooLarge(DataSize limit) {
		return Problem.bodyTooLarge("At most " + limit.toKilobytes() + " KiB are read");
	}

}
