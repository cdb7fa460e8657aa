package io.redmesh.registry.rest;

import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.redmesh.core.time.Time;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpServer;

import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.stereotype.Component;

/**
 * Timeouts of server connections: idle, between two reads of a request, of a request's
 * head, and of a whole request. Responses, such as watches, have no timeout.
 * <p>
 * Reactor Netty's own timeouts change the pipeline and schedule a task for each request,
 * which took a third of the time of a renewal. Here a request only notes when it was
 * read, and a task that comes due looks at what was noted, as in Netty's
 * {@code IdleStateHandler}.
 */
@Component
final class ConnectionTimeouts implements NettyServerCustomizer {

	private static final String BYTES = "mesh.incoming.bytes";

	private static final String MESSAGES = "mesh.incoming.messages";

	private final RestProperties properties;

	private final Time time;

	ConnectionTimeouts(RestProperties properties, Time time) {
		this.properties = properties;
		this.time = time;
	}

	@Override
	public HttpServer apply(HttpServer server) {
		return server.doOnChannelInit((observer, channel, address) -> watch(channel));
	}

	private void watch(Channel channel) {
		ChannelPipeline pipeline = channel.pipeline();
		if (pipeline.get(NettyPipeline.HttpCodec) != null) {
			Activity activity = new Activity(channel, this.properties, this.time);
			pipeline.addBefore(NettyPipeline.HttpCodec, BYTES, activity.bytes);
			pipeline.addAfter(NettyPipeline.HttpCodec, MESSAGES, activity.messages);
		}
	}

	/** The activity of one connection, and its timers. Confined to its event loop. */
	private static final class Activity {

		private final Channel channel;

		private final Time time;

		private final long idleTimeout;

		private final long readTimeout;

		private final long requestTimeout;

		private Receiving receiving = Receiving.NOTHING;

		private int inFlight;

		private long begun;

		private long lastRead;

		private @Nullable Future<?> idleCheck;

		private @Nullable Future<?> requestCheck;

		private final ChannelInboundHandlerAdapter bytes = new ChannelInboundHandlerAdapter() {

			@Override
			public void channelActive(ChannelHandlerContext context) {
				Activity.this.lastRead = Activity.this.time.nanos();
				checkIdle(Activity.this.lastRead);
				context.fireChannelActive();
			}

			@Override
			public void channelRead(ChannelHandlerContext context, Object message) {
				Activity.this.lastRead = Activity.this.time.nanos();
				if (Activity.this.receiving == Receiving.NOTHING) {
					begin(Receiving.HEAD);
				}
				context.fireChannelRead(message);
			}

			@Override
			public void channelReadComplete(ChannelHandlerContext context) {
				// Most requests arrive in one read and need no check.
				if (Activity.this.receiving != Receiving.NOTHING && Activity.this.requestCheck == null) {
					checkRequest(Activity.this.lastRead);
				}
				context.fireChannelReadComplete();
			}

			@Override
			public void channelInactive(ChannelHandlerContext context) {
				cancel(Activity.this.idleCheck);
				cancel(Activity.this.requestCheck);
				context.fireChannelInactive();
			}

		};

		private final ChannelDuplexHandler messages = new ChannelDuplexHandler() {

			@Override
			public void channelRead(ChannelHandlerContext context, Object message) {
				if (message instanceof HttpRequest) {
					Activity.this.inFlight++;
					begin(Receiving.BODY);
				}
				if (message instanceof LastHttpContent) {
					Activity.this.receiving = Receiving.NOTHING;
				}
				context.fireChannelRead(message);
			}

			@Override
			@SuppressWarnings("FutureReturnValueIgnored") // the promise tells
			public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
				if (message instanceof LastHttpContent && !isInformational(message)) {
					Activity.this.inFlight--;
					Activity.this.lastRead = Activity.this.time.nanos();
				}
				context.write(message, promise);
			}

			private boolean isInformational(Object message) {
				return message instanceof HttpResponse response
						&& response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
			}

		};

		Activity(Channel channel, RestProperties properties, Time time) {
			this.channel = channel;
			this.time = time;
			this.idleTimeout = properties.idleTimeout().toNanos();
			this.readTimeout = properties.readTimeout().toNanos();
			this.requestTimeout = properties.requestTimeout().toNanos();
		}

		private void begin(Receiving part) {
			this.receiving = part;
			this.begun = this.lastRead;
		}

		private void checkIdle(long now) {
			boolean idle = this.receiving == Receiving.NOTHING && this.inFlight <= 0;
			long left = idle ? this.lastRead + this.idleTimeout - now : this.idleTimeout;
			this.idleCheck = closeOrSchedule(left, () -> checkIdle(this.time.nanos()));
		}

		private void checkRequest(long now) {
			this.requestCheck = (this.receiving == Receiving.NOTHING) ? null
					: closeOrSchedule(timeLeft(now), () -> checkRequest(this.time.nanos()));
		}

		private long timeLeft(long now) {
			return (this.receiving == Receiving.HEAD) ? this.begun + this.readTimeout - now
					: Math.min(this.lastRead + this.readTimeout, this.begun + this.requestTimeout) - now;
		}

		@SuppressWarnings("FutureReturnValueIgnored") // close() reports nothing of use
		private @Nullable Future<?> closeOrSchedule(long left, Runnable check) {
			if (left <= 0) {
				this.channel.close();
				return null;
			}
			return this.channel.eventLoop().schedule(check, left, TimeUnit.NANOSECONDS);
		}

		private static void cancel(@Nullable Future<?> check) {
			if (check != null) {
				check.cancel(false);
			}
		}

	}

	/** The part of a request that has begun to arrive and is not complete. */
	private enum Receiving {

		NOTHING, HEAD, BODY

	}

}
