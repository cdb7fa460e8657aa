package io.redmesh.benchmarks.peers;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import io.redmesh.benchmarks.load.HttpLoad;
import io.redmesh.benchmarks.load.HttpLoad.Check;
import io.redmesh.benchmarks.load.JvmArguments;
import io.redmesh.benchmarks.load.RegistryRequests;
import io.redmesh.benchmarks.load.Sample;
import io.redmesh.benchmarks.peers.Population.Member;
import io.redmesh.chaos.process.RedisProcess;
import io.redmesh.chaos.process.RegistryProcess;
import org.jspecify.annotations.Nullable;

/** Our registry server, over a Redis of its own or in memory. */
final class RedmeshPeer implements Peer {

	private static final int LEASES_PER_BATCH = 500;

	private static final int BATCHERS = 4;

	// The same as Eureka's lease.
	private static final String TTL = "PT1M30S";

	private final String name;

	private final URI url;

	private final RegistryRequests requests;

	private final RegistryProcess server;

	private final @Nullable RedisProcess redis;

	private List<Member> members = List.of();

	private String[] tokens = {};

	private RedmeshPeer(String name, RegistryProcess server, @Nullable RedisProcess redis) {
		this.name = name;
		this.server = server;
		this.redis = redis;
		this.url = server.url();
		this.requests = new RegistryRequests(this.url);
	}

	static RedmeshPeer onRedis(Path jar, Path directory) {
		RedisProcess redis = RedisProcess.inMemory(directory.resolve("redis"));
		redis.start();
		return start("Redmesh on Redis", server(jar, directory, "redmesh-redis", redis.properties()), redis);
	}

	static RedmeshPeer inMemory(Path jar, Path directory) {
		return start("Redmesh in memory", server(jar, directory, "redmesh-memory", List.of()), null);
	}

	private static RegistryProcess server(Path jar, Path directory, String log, List<String> properties) {
		return RegistryProcess.ofJar(directory, log, JvmArguments.of(), jar, properties);
	}

	private static RedmeshPeer start(String name, RegistryProcess server, @Nullable RedisProcess redis) {
		server.start();
		return new RedmeshPeer(name, server, redis);
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public List<ProcessHandle> processes() {
		return (this.redis != null) ? List.of(this.server.handle(), this.redis.handle())
				: List.of(this.server.handle());
	}

	@Override
	public void awaitReady() {
		this.server.awaitReady();
	}

	@Override
	public Sample register(Population population) throws IOException {
		this.members = population.members();
		this.tokens = new String[this.members.size()];
		List<byte[]> requests = this.members.stream().map((member) -> this.requests.register(member, "", TTL)).toList();
		try (HttpLoad load = HttpLoad.open(this.url, REGISTRARS)) {
			return load.once(requests, (request, answer) -> {
				this.tokens[request] = RegistryRequests.token(answer.body());
				return answer.status() == 201;
			});
		}
	}

	@Override
	public Sample renew(Duration time) throws IOException {
		List<byte[]> requests = IntStream.range(0, this.tokens.length)
			.mapToObj((i) -> this.requests.renew(this.members.get(i), this.tokens[i]))
			.toList();
		try (HttpLoad load = HttpLoad.open(this.url, RENEWERS)) {
			return load.during(time, requests, Check.status(200));
		}
	}

	@Override
	public Sample renewInBatches(Duration time) throws IOException {
		List<byte[]> requests = new ArrayList<>();
		for (int from = 0; from < this.tokens.length; from += LEASES_PER_BATCH) {
			requests.add(this.requests.renew(this.members.subList(from, from + LEASES_PER_BATCH),
					List.of(this.tokens).subList(from, from + LEASES_PER_BATCH)));
		}
		try (HttpLoad load = HttpLoad.open(this.url, BATCHERS)) {
			return load
				.during(time, requests,
						(request, answer) -> answer.status() == 200
								&& answer.body().contains("\"unknown\":[],\"superseded\":[]"))
				.times(LEASES_PER_BATCH);
		}
	}

	@Override
	public Sample read(Duration time) throws IOException {
		List<byte[]> requests = List.of(this.requests.read(this.members.get(0).service()));
		try (HttpLoad load = HttpLoad.open(this.url, READERS)) {
			load.once(requests, (request, answer) -> answer.status() == 200
					&& answer.body().split("\"metadata\"", -1).length - 1 == Population.INSTANCES_OF_SERVICE);
			return load.during(time, requests, Check.status(200));
		}
	}

	@Override
	public void deregisterAll() throws IOException {
		List<byte[]> requests = IntStream.range(0, this.tokens.length)
			.mapToObj((i) -> this.requests.deregister(this.members.get(i), this.tokens[i]))
			.toList();
		try (HttpLoad load = HttpLoad.open(this.url, REGISTRARS)) {
			load.once(requests, Check.status(204));
		}
	}

	@Override
	public Sample visible(int trials) throws Exception {
		try (RedmeshWatcher watcher = RedmeshWatcher.start(this.url); HttpLoad load = HttpLoad.open(this.url, 1)) {
			return new Trials(watcher::await, (id) -> {
				Member member = new Member(RedmeshWatcher.SERVICE, id);
				String[] token = { "" };
				load.once(List.of(this.requests.register(member, "", TTL)), (request, answer) -> {
					token[0] = RegistryRequests.token(answer.body());
					return answer.status() == 201;
				});
				return () -> load.once(List.of(this.requests.deregister(member, token[0])), Check.status(204));
			}).oneByOne(trials);
		}
	}

	@Override
	public void close() {
		this.server.close();
		if (this.redis != null) {
			this.redis.close();
		}
	}

}
