package io.redmesh.chaos.mesh;

import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The servers of the registry as one client knows them. The client uses one of them until
 * it fails. Safe for use by many threads.
 */
final class ServerList {

	private final List<Server> servers;

	private final AtomicInteger index;

	ServerList(List<Server> servers, Random random) {
		this.servers = servers;
		this.index = new AtomicInteger(random.nextInt(servers.size()));
	}

	Server current() {
		return this.servers.get(this.index.get());
	}

	int size() {
		return this.servers.size();
	}

	void failed(Server server) {
		int failed = this.servers.indexOf(server);
		this.index.compareAndSet(failed, (failed + 1) % this.servers.size());
	}

}
