package io.redmesh.registry.rest;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.redmesh.registry.json.Json;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;
import tools.jackson.core.JsonGenerator;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;

/** A response: a complete body, or a stream of frames. */
public final class Reply {

	private final HttpStatus status;

	private final Map<String, String> headers = new LinkedHashMap<>(4);

	private final List<byte[]> pieces;

	private final @Nullable Function<Channel, Publisher<ByteBuf>> stream;

	private Reply(HttpStatus status, List<byte[]> pieces, @Nullable Function<Channel, Publisher<ByteBuf>> stream) {
		this.status = status;
		this.pieces = pieces;
		this.stream = stream;
	}

	/**
	 * Creates a response without a body.
	 * @param status its status
	 * @return the response
	 */
	public static Reply empty(HttpStatus status) {
		return new Reply(status, List.of(), null);
	}

	/**
	 * Creates a response with a JSON document.
	 * @param status its status
	 * @param content writes the document
	 * @return the response
	 */
	public static Reply json(HttpStatus status, Consumer<JsonGenerator> content) {
		return bytes(status, MediaType.APPLICATION_JSON_VALUE, List.of(Json.write(content)));
	}

	/**
	 * Creates a response whose body is in pieces, none of which is copied.
	 * @param status its status
	 * @param type its media type
	 * @param pieces the body, not to be changed any more
	 * @return the response
	 */
	public static Reply bytes(HttpStatus status, String type, List<byte[]> pieces) {
		return new Reply(status, pieces, null).with(HttpHeaders.CONTENT_TYPE, type);
	}

	/**
	 * Creates a response that streams frames.
	 * @param type its media type
	 * @param frames opens the stream on the connection's channel
	 * @return the response
	 */
	public static Reply stream(String type, Function<Channel, Publisher<ByteBuf>> frames) {
		return new Reply(HttpStatus.OK, List.of(), frames).with(HttpHeaders.CONTENT_TYPE, type);
	}

	HttpStatus status() {
		return this.status;
	}

	/**
	 * Adds a header.
	 * @param name its name
	 * @param value its value
	 * @return this
	 */
	public Reply with(String name, String value) {
		this.headers.put(name, value);
		return this;
	}

	/**
	 * Sends the response. May be called by any thread.
	 * @param channel the connection's channel
	 * @param response the response of Reactor Netty
	 * @return the sending
	 */
	Mono<Void> sendTo(Channel channel, HttpServerResponse response) {
		response.status(this.status.value());
		this.headers.forEach(response::header);
		if (this.stream != null) {
			return response.send(this.stream.apply(channel)).then();
		}
		if (this.pieces.isEmpty()) {
			return (this.status == HttpStatus.NO_CONTENT || this.status == HttpStatus.NOT_MODIFIED) ? response.send()
					: response.header(HttpHeaders.CONTENT_LENGTH, "0").send();
		}
		ByteBuf body = Unpooled.wrappedBuffer(this.pieces.toArray(byte[][]::new));
		return response.header(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.readableBytes()))
			.sendObject(body)
			.then();
	}

}
