package io.redmesh.registry.watch;

import java.util.concurrent.Executor;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import reactor.core.publisher.FluxSink;

/**
 * A wire over Netty. Frames go through the reactive response, which owns the protocol.
 * That they were taken is known from an empty write behind them: the channel keeps the
 * order, so its promise is kept when all before it has gone out. That write also flushes.
 */
final class NettyWire implements Wire {

	private final Channel channel;

	private final FluxSink<ByteBuf> sink;

	NettyWire(Channel channel, FluxSink<ByteBuf> sink) {
		this.channel = channel;
		this.sink = sink;
	}

	@Override
	public Executor thread() {
		return this.channel.eventLoop();
	}

	@Override
	public boolean isOpen() {
		return this.sink.requestedFromDownstream() > 0 && !this.sink.isCancelled();
	}

	@Override
	public void send(byte[] frame, Runnable written) {
		this.sink.next(Unpooled.wrappedBuffer(frame));
		this.channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener((future) -> {
			if (future.isSuccess()) {
				written.run();
			}
		});
	}

	@Override
	public void complete() {
		this.sink.complete();
	}

	@Override
	@SuppressWarnings("FutureReturnValueIgnored") // closing is told by onDispose
	public void cut() {
		this.channel.close();
	}

}
