package io.redmesh.benchmarks.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

import org.jspecify.annotations.Nullable;

/**
 * A connection of an event loop. It connects when bytes are written, and again after it
 * was lost.
 */
public abstract class Connection implements EventLoop.Handler {

	private final EventLoop loop;

	private final InetSocketAddress server;

	private @Nullable SocketChannel channel;

	private @Nullable SelectionKey key;

	private ByteBuffer outgoing = ByteBuffer.allocate(0);

	/** Creates a connection that is not yet connected. */
	protected Connection(EventLoop loop, InetSocketAddress server) {
		this.loop = loop;
		this.server = server;
	}

	/** Returns the loop that serves this connection. */
	protected final EventLoop loop() {
		return this.loop;
	}

	/** Sends bytes; the bytes before must have been sent. */
	protected final void write(byte[] bytes) {
		this.outgoing = ByteBuffer.wrap(bytes);
		try {
			SocketChannel current = this.channel;
			if (current == null) {
				connect();
			}
			else if (current.isConnected()) {
				flush(current);
			}
		}
		catch (IOException ex) {
			lose(ex.toString());
		}
	}

	private void connect() throws IOException {
		SocketChannel opened = SocketChannel.open();
		this.channel = opened;
		opened.configureBlocking(false);
		opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
		this.key = opened.register(this.loop.selector(), SelectionKey.OP_CONNECT, this);
		if (opened.connect(this.server)) {
			flush(opened);
		}
	}

	private void flush(SocketChannel current) throws IOException {
		current.write(this.outgoing);
		interest(this.outgoing.hasRemaining() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
	}

	private void interest(int operations) {
		SelectionKey current = this.key;
		if (current != null && current.interestOps() != operations) {
			current.interestOps(operations);
		}
	}

	@Override
	public final void ready() {
		SocketChannel current = this.channel;
		SelectionKey ready = this.key;
		if (current == null || ready == null || !ready.isValid()) {
			return;
		}
		try {
			if (ready.isConnectable() && current.finishConnect() || ready.isWritable()) {
				flush(current);
			}
			if (ready.isReadable()) {
				ByteBuffer arrived = this.loop.readBuffer();
				if (current.read(arrived) < 0) {
					lose("The server has closed the connection");
				}
				else {
					received(arrived.flip());
				}
			}
		}
		catch (IOException ex) {
			lose(ex.toString());
		}
	}

	private void lose(String reason) {
		disconnect();
		lost(reason);
	}

	/** Closes the connection; the next write connects again. */
	protected final void disconnect() {
		SocketChannel current = this.channel;
		this.channel = null;
		this.key = null;
		try {
			if (current != null) {
				current.close();
			}
		}
		catch (IOException ex) {
			// The connection is not used any more.
			System.err.println(ex);
		}
	}

	/** Takes bytes that have arrived. */
	protected abstract void received(ByteBuffer arrived);

	/** Handles the loss of the connection, or a failure to connect. */
	protected abstract void lost(String reason);

}
