package io.redmesh.benchmarks.propagation;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.redmesh.benchmarks.load.JvmArguments;
import io.redmesh.chaos.process.RedisProcess;
import io.redmesh.chaos.process.RegistryProcess;

/** Several registry servers over one Redis, each a process of its own. */
final class RegistryServers implements AutoCloseable {

	private final RedisProcess redis;

	private final List<RegistryProcess> servers = new ArrayList<>();

	private RegistryServers(RedisProcess redis) {
		this.redis = redis;
	}

	static RegistryServers start(Path jar, Path directory, int count) {
		RegistryServers servers = new RegistryServers(RedisProcess.inMemory(directory.resolve("redis")));
		servers.redis.start();
		for (int i = 0; i < count; i++) {
			RegistryProcess server = RegistryProcess.ofJar(directory, "server" + i, JvmArguments.of(), jar,
					servers.redis.properties());
			server.start();
			servers.servers.add(server);
		}
		servers.servers.forEach(RegistryProcess::awaitReady);
		return servers;
	}

	URI url(int server) {
		return this.servers.get(server).url();
	}

	@Override
	public void close() {
		this.servers.forEach(RegistryProcess::close);
		this.redis.close();
	}

}
