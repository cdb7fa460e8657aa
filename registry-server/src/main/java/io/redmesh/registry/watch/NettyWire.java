package io.redmesh.registry.watch;

import java.util.concurrent.Executor;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import reactor.core.publisher.FluxSink;

/**
 * A connection over Netty. Frames go through the reactive response, which owns the
 * protocol. An empty write behind them shows that they were taken: the channel keeps the
 * order, so the write's promise succeeds when all before it was written. This write also
 * flushes the frames.
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
	@SuppressWarnings("FutureReturnValueIgnored") // onDispose reports the close
	public void cut() {
		this.channel.close();
	}

}
