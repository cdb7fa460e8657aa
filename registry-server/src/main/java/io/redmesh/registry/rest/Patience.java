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
 * How long a connection may be silent or slow: between requests, in the middle of one,
 * and until its head has come. An answer, such as a watch, may take as long as it likes.
 */
@Component
final class Patience implements NettyServerCustomizer {

	private static final String BYTES = "mesh.incoming.bytes";

	private static final String MESSAGES = "mesh.incoming.messages";

	private final RestProperties properties;

	Patience(RestProperties properties) {
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
			Incoming incoming = new Incoming(this.properties);
			pipeline.addBefore(NettyPipeline.HttpCodec, BYTES, incoming.bytes);
			pipeline.addAfter(NettyPipeline.HttpCodec, MESSAGES, incoming.messages);
		}
	}

	/**
	 * A request that comes in bit by bit, or whose body is left unread. Nearly all come
	 * as a whole and need no timer. For one connection.
	 */
	private static final class Incoming {

		private final RestProperties properties;

		/** Whether bytes have come that are no complete head yet. */
		private boolean headBegun;

		private boolean bodyBegun;

		private @Nullable Future<?> late;

		private final ChannelInboundHandlerAdapter bytes = new ChannelInboundHandlerAdapter() {

			@Override
			public void channelRead(ChannelHandlerContext context, Object message) {
				Incoming.this.headBegun = !Incoming.this.bodyBegun;
				context.fireChannelRead(message);
			}

			@Override
			public void channelReadComplete(ChannelHandlerContext context) {
				if (Incoming.this.late == null) {
					waitOn(context.channel());
				}
				context.fireChannelReadComplete();
			}

			@Override
			public void channelInactive(ChannelHandlerContext context) {
				inTime();
				context.fireChannelInactive();
			}

		};

		private final ChannelInboundHandlerAdapter messages = new ChannelInboundHandlerAdapter() {

			@Override
			public void channelRead(ChannelHandlerContext context, Object message) {
				if (message instanceof HttpRequest) {
					Incoming.this.headBegun = false;
					Incoming.this.bodyBegun = true;
					inTime();
				}
				if (message instanceof LastHttpContent) {
					Incoming.this.bodyBegun = false;
					inTime();
				}
				context.fireChannelRead(message);
			}

		};

		Incoming(RestProperties properties) {
			this.properties = properties;
		}

		private void waitOn(Channel channel) {
			if (this.headBegun) {
				this.late = closing(channel, this.properties.readTimeout());
			}
			else if (this.bodyBegun) {
				this.late = closing(channel, this.properties.requestTimeout());
			}
		}

		@SuppressWarnings("FutureReturnValueIgnored") // closing tells nothing more
		private static Future<?> closing(Channel channel, Duration limit) {
			return channel.eventLoop().schedule(() -> {
				channel.close();
			}, limit.toNanos(), TimeUnit.NANOSECONDS);
		}

		private void inTime() {
			Future<?> waiting = this.late;
			if (waiting != null) {
				waiting.cancel(false);
				this.late = null;
			}
		}

	}

}
