package io.redmesh.benchmarks.peers;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import io.redmesh.benchmarks.load.Child;
import io.redmesh.benchmarks.load.HttpLoad;
import io.redmesh.benchmarks.load.HttpLoad.Check;
import io.redmesh.benchmarks.load.RedisBinary;
import io.redmesh.benchmarks.load.RegistryRequests;
import io.redmesh.benchmarks.load.Sample;
import io.redmesh.benchmarks.peers.Population.Member;
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

	private final List<Child> children = new ArrayList<>();

	private List<Member> members = List.of();

	private String[] tokens = {};

	private RedmeshPeer(String name, URI url) {
		this.name = name;
		this.url = url;
		this.requests = new RegistryRequests(url);
	}

	static RedmeshPeer start(Path jar, Path directory, @Nullable RedisBinary redis) throws IOException {
		URI url = URI.create("http://127.0.0.1:" + Child.freePort());
		RedmeshPeer peer = new RedmeshPeer((redis != null) ? "Redmesh on Redis" : "Redmesh in memory", url);
		List<String> arguments = new ArrayList<>(
				List.of("-jar", jar.toString(), "--server.address=127.0.0.1", "--server.port=" + url.getPort()));
		String log = "redmesh-memory.log";
		if (redis != null) {
			int port = Child.freePort();
			peer.children.add(redis.start(directory.resolve("redis.log"), port));
			arguments.add("--spring.data.redis.url=redis://127.0.0.1:" + port);
			log = "redmesh-redis.log";
		}
		Child server = Child.java(directory.resolve(log), arguments.toArray(String[]::new));
		peer.children.add(0, server);
		return peer;
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public List<ProcessHandle> processes() {
		return this.children.stream().map(Child::handle).toList();
	}

	@Override
	public void awaitReady() throws InterruptedException {
		this.children.get(0).awaitReady(this.url.resolve("/actuator/health/readiness"));
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
	public void close() throws InterruptedException {
		for (Child child : this.children) {
			child.close();
		}
	}

}
