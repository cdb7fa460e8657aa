package io.redmesh.registry.rest;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;
import tools.jackson.core.JsonGenerator;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;

/** What is answered: a body that is there already, or a stream of frames. */
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
	 * An answer without a body.
	 * @param status its status
	 * @return the answer
	 */
	public static Reply empty(HttpStatus status) {
		return new Reply(status, List.of(), null);
	}

	/**
	 * An answer with a JSON document.
	 * @param status its status
	 * @param content writes the document
	 * @return the answer
	 */
	public static Reply json(HttpStatus status, Consumer<JsonGenerator> content) {
		return bytes(status, MediaType.APPLICATION_JSON_VALUE, List.of(Json.write(content)));
	}

	/**
	 * An answer with a body that lies in pieces, none of which is copied.
	 * @param status its status
	 * @param type what the body is
	 * @param pieces the body, not to be changed any more
	 * @return the answer
	 */
	public static Reply bytes(HttpStatus status, String type, List<byte[]> pieces) {
		return new Reply(status, pieces, null).with(HttpHeaders.CONTENT_TYPE, type);
	}

	/**
	 * An answer that goes on.
	 * @param type what it is
	 * @param frames opens it on the connection's channel
	 * @return the answer
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
	 * Sends the answer. To be called on the channel's event loop.
	 * @param channel where it goes
	 * @param response carries it
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
