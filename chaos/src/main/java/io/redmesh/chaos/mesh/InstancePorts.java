package io.redmesh.chaos.mesh;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The ports of all instances, which accept connections and serve nothing. A frozen
 * instance keeps its port: the operating system accepts for it.
 * <p>
 * Safe for use by many threads.
 */
final class InstancePorts implements AutoCloseable {

	private final Selector selector;

	private final Map<String, ServerSocketChannel> open = new ConcurrentHashMap<>();

	InstancePorts() {
		try {
			this.selector = Selector.open();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		SimulatedInstances.threads("doors").newThread(this::run).start();
	}

	/** Opens a port under a name, in place of the previous one of that name. */
	int open(String name) {
		close(name);
		try {
			ServerSocketChannel port = ServerSocketChannel.open();
			port.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
			port.configureBlocking(false);
			port.register(this.selector, SelectionKey.OP_ACCEPT);
			this.selector.wakeup();
			this.open.put(name, port);
			return port.socket().getLocalPort();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	void close(String name) {
		ServerSocketChannel port = this.open.remove(name);
		if (port != null) {
			try {
				port.close();
				this.selector.wakeup();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
	}

	private void run() {
		while (this.selector.isOpen()) {
			try {
				this.selector.select();
				for (SelectionKey key : this.selector.selectedKeys()) {
					if (key.isValid()) {
						accept((ServerSocketChannel) key.channel());
					}
				}
				this.selector.selectedKeys().clear();
			}
			catch (IOException | ClosedSelectorException ex) {
				// The client has disconnected, or the selector is closed.
			}
		}
	}

	private static void accept(ServerSocketChannel port) throws IOException {
		try (SocketChannel client = port.accept()) {
			if (client != null) {
				client.shutdownOutput();
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
