package io.redmesh.registry.rest;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpServer;

import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.stereotype.Component;

/**
 * Timeouts of server connections: idle, between two reads of a request, of a request's
 * head, and of a whole request. Responses, such as watches, have none.
 */
@Component
final class ConnectionTimeouts implements NettyServerCustomizer {

	private static final String BYTES = "mesh.incoming.bytes";

	private static final String MESSAGES = "mesh.incoming.messages";

	private final RestProperties properties;

	ConnectionTimeouts(RestProperties properties) {
		this.properties = properties;
	}

	@Override
	public HttpServer apply(HttpServer server) {
		return server.idleTimeout(this.properties.idleTimeout())
			.readTimeout(this.properties.readTimeout())
			.doOnChannelInit((observer, channel, address) -> watch(channel.pipeline()));
	}

	private void watch(ChannelPipeline pipeline) {
		if (pipeline.get(NettyPipeline.HttpCodec) != null) {
			IncomingRequest incoming = new IncomingRequest(this.properties);
			pipeline.addBefore(NettyPipeline.HttpCodec, BYTES, incoming.bytes);
			pipeline.addAfter(NettyPipeline.HttpCodec, MESSAGES, incoming.messages);
		}
	}

	/**
	 * The timer of a request that has not arrived as a whole. Reactor Netty's own request
	 * timeout does not cover a slow head, nor a body after an early response. Most
	 * requests arrive in one read and need no timer. Confined to one connection's loop.
	 */
	private static final class IncomingRequest {

		private final RestProperties properties;

		/** Whether bytes have come that are no complete head yet. */
		private boolean headBegun;

		private boolean bodyBegun;

		private @Nullable Future<?> timer;

		private final ChannelInboundHandlerAdapter bytes = new ChannelInboundHandlerAdapter() {

			@Override
			public void channelRead(ChannelHandlerContext context, Object message) {
				IncomingRequest.this.headBegun = !IncomingRequest.this.bodyBegun;
				context.fireChannelRead(message);
			}

			@Override
			public void channelReadComplete(ChannelHandlerContext context) {
				if (IncomingRequest.this.timer == null) {
					startTimer(context.channel());
				}
				context.fireChannelReadComplete();
			}

			@Override
			public void channelInactive(ChannelHandlerContext context) {
				cancelTimer();
				context.fireChannelInactive();
			}

		};

		private final ChannelInboundHandlerAdapter messages = new ChannelInboundHandlerAdapter() {

			@Override
			public void channelRead(ChannelHandlerContext context, Object message) {
				if (message instanceof HttpRequest) {
					IncomingRequest.this.headBegun = false;
					IncomingRequest.this.bodyBegun = true;
					cancelTimer();
				}
				if (message instanceof LastHttpContent) {
					IncomingRequest.this.bodyBegun = false;
					cancelTimer();
				}
				context.fireChannelRead(message);
			}

		};

		IncomingRequest(RestProperties properties) {
			this.properties = properties;
		}

		private void startTimer(Channel channel) {
			if (this.headBegun) {
				this.timer = closing(channel, this.properties.readTimeout());
			}
			else if (this.bodyBegun) {
				this.timer = closing(channel, this.properties.requestTimeout());
			}
		}

		@SuppressWarnings("FutureReturnValueIgnored") // closing tells nothing more
		private static Future<?> closing(Channel channel, Duration limit) {
			return channel.eventLoop().schedule(() -> {
				channel.close();
			}, limit.toNanos(), TimeUnit.NANOSECONDS);
		}

		private void cancelTimer() {
			Future<?> waiting = this.timer;
			if (waiting != null) {
				waiting.cancel(false);
				this.timer = null;
			}
		}

	}

}
