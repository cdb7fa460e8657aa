package io.redmesh.benchmarks.propagation;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import redis.embedded.RedisServer;

/** Several registry servers over one Redis, each a process of its own. */
final class RegistryServers implements AutoCloseable {

	private final RedisServer redis;

	private final List<Process> processes = new ArrayList<>();

	private final List<URI> urls = new ArrayList<>();

	private RegistryServers(RedisServer redis) {
		this.redis = redis;
	}

	static RegistryServers start(Path jar, int count) throws IOException, InterruptedException {
		int redisPort = freePort();
		RedisServer redis = RedisServer.newRedisServer()
			.port(redisPort)
			.bind("127.0.0.1")
			.setting("appendonly no")
			.setting("save \"\"")
			.build();
		redis.start();
		RegistryServers servers = new RegistryServers(redis);
		for (int server = 0; server < count; server++) {
			int port = freePort();
			servers.urls.add(URI.create("http://127.0.0.1:" + port));
			servers.processes.add(new ProcessBuilder(ProcessHandle.current().info().command().orElse("java"),
					"-Xmx512m", "-jar", jar.toString(), "--server.port=" + port,
					"--spring.data.redis.url=redis://127.0.0.1:" + redisPort)
				.redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.start());
		}
		Runtime.getRuntime().addShutdownHook(new Thread(servers::kill));
		servers.awaitReady();
		return servers;
	}

	URI url(int server) {
		return this.urls.get(server);
	}

	private void awaitReady() throws InterruptedException {
		HttpClient client = HttpClient.newHttpClient();
		for (URI url : this.urls) {
			HttpRequest request = HttpRequest.newBuilder(url.resolve("/actuator/health/readiness")).build();
			for (int tries = 0; !answers(client, request); tries++) {
				if (tries > 300) {
					throw new IllegalStateException(url + " does not become ready");
				}
				LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
			}
		}
	}

	private static boolean answers(HttpClient client, HttpRequest request) throws InterruptedException {
		try {
			return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
		}
		catch (IOException ex) {
			return false;
		}
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
	}

	private void kill() {
		this.processes.forEach(Process::destroyForcibly);
	}

	@Override
	public void close() throws IOException, InterruptedException {
		this.processes.forEach(Process::destroy);
		for (Process process : this.processes) {
			process.waitFor(10, TimeUnit.SECONDS);
		}
		kill();
		this.redis.stop();
	}

}
