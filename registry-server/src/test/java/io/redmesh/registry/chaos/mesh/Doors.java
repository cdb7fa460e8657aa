package io.redmesh.registry.chaos.mesh;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The ports of all instances, where somebody is at home and nothing is served. A process
 * that stands still is still at home: the system accepts for it.
 * <p>
 * Safe for use by many threads.
 */
final class Doors implements AutoCloseable {

	private final Selector selector;

	private final Map<String, ServerSocketChannel> open = new ConcurrentHashMap<>();

	Doors() {
		try {
			this.selector = Selector.open();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		SimulatedInstances.threads("doors").newThread(this::answer).start();
	}

	/** Opens a door, in place of the one of that name. */
	int open(String name) {
		close(name);
		try {
			ServerSocketChannel door = ServerSocketChannel.open();
			door.bind(new InetSocketAddress("127.0.0.1", 0));
			door.configureBlocking(false);
			door.register(this.selector, SelectionKey.OP_ACCEPT);
			this.selector.wakeup();
			this.open.put(name, door);
			return door.socket().getLocalPort();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	void close(String name) {
		ServerSocketChannel door = this.open.remove(name);
		if (door != null) {
			try {
				door.close();
				this.selector.wakeup();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
	}

	private void answer() {
		while (this.selector.isOpen()) {
			try {
				this.selector.select();
				for (SelectionKey key : this.selector.selectedKeys()) {
					if (key.isValid()) {
						greet((ServerSocketChannel) key.channel());
					}
				}
				this.selector.selectedKeys().clear();
			}
			catch (IOException | ClosedSelectorException ex) {
				// Somebody has gone again, or all is over.
			}
		}
	}

	private static void greet(ServerSocketChannel door) throws IOException {
		try (SocketChannel visitor = door.accept()) {
			if (visitor != null) {
				visitor.shutdownOutput();
			}
		}
	}

	@Override
	public void close() {
		this.open.keySet().forEach(this::close);
		try {
			this.selector.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
