package io.redmesh.benchmarks.peers;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import io.redmesh.benchmarks.peers.HttpLoad.Check;
import io.redmesh.benchmarks.peers.Population.Member;
import org.jspecify.annotations.Nullable;

/** Our registry server, over a Redis of its own or in memory. */
final class RedmeshPeer implements Peer {

	private static final int LEASES_PER_BATCH = 500;

	private static final int BATCHERS = 4;

	// As long as an instance in Eureka holds.
	private static final String TTL = "PT1M30S";

	private final String name;

	private final URI url;

	private final List<Child> children = new ArrayList<>();

	private List<Member> members = List.of();

	private String[] tokens = {};

	private RedmeshPeer(String name, URI url) {
		this.name = name;
		this.url = url;
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
		List<byte[]> requests = this.members.stream().map(this::registration).toList();
		try (HttpLoad load = HttpLoad.open(this.url, REGISTRARS)) {
			return load.once(requests, (request, answer) -> {
				this.tokens[request] = token(answer.body());
				return answer.status() == 201;
			});
		}
	}

	private byte[] registration(Member member) {
		return HttpLoad.request("PUT", this.url, instance(member), "", """
				{"host":"%s","port":%d,"secure":false,"weight":100,\
				"locality":{"region":"eu","zone":"a","subZone":""},"labels":{"version":"2026.11.3"},\
				"metadata":%s,"status":"UP","ttl":"%s"}""".formatted(member.host(), Population.PORT,
				Population.metadata(), TTL));
	}

	private static String instance(Member member) {
		return "/v1/namespaces/default/services/%s/instances/%s".formatted(member.service(), member.id());
	}

	private static String token(String body) {
		int begin = body.indexOf("\"token\":\"") + 9;
		return (begin < 9) ? "" : body.substring(begin, body.indexOf('"', begin));
	}

	private String lease(int member) {
		return "Mesh-Lease: " + this.tokens[member] + "\r\n";
	}

	@Override
	public Sample renew(Duration time) throws IOException {
		List<byte[]> requests = IntStream.range(0, this.tokens.length)
			.mapToObj((i) -> HttpLoad.request("POST", this.url, instance(this.members.get(i)) + "/heartbeat", lease(i),
					""))
			.toList();
		try (HttpLoad load = HttpLoad.open(this.url, RENEWERS)) {
			return load.during(time, requests, Check.status(200));
		}
	}

	@Override
	public Sample renewInBatches(Duration time) throws IOException {
		List<byte[]> requests = new ArrayList<>();
		for (int from = 0; from < this.tokens.length; from += LEASES_PER_BATCH) {
			List<String> leases = IntStream.range(from, from + LEASES_PER_BATCH)
				.mapToObj((i) -> "{\"service\":\"%s\",\"id\":\"%s\",\"token\":\"%s\"}"
					.formatted(this.members.get(i).service(), this.members.get(i).id(), this.tokens[i]))
				.toList();
			requests.add(HttpLoad.request("POST", this.url, "/v1/namespaces/default/heartbeats", "",
					"{\"leases\":[" + String.join(",", leases) + "]}"));
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
		List<byte[]> requests = List.of(HttpLoad.request("GET", this.url,
				"/v1/namespaces/default/services/" + this.members.get(0).service(), "", ""));
		try (HttpLoad load = HttpLoad.open(this.url, READERS)) {
			load.once(requests, (request, answer) -> answer.status() == 200
					&& answer.body().split("\"metadata\"", -1).length - 1 == Population.INSTANCES_OF_SERVICE);
			return load.during(time, requests, Check.status(200));
		}
	}

	@Override
	public void leave() throws IOException {
		List<byte[]> requests = IntStream.range(0, this.tokens.length)
			.mapToObj((i) -> HttpLoad.request("DELETE", this.url, instance(this.members.get(i)), lease(i), ""))
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
				load.once(List.of(registration(member)), (request, answer) -> {
					token[0] = "Mesh-Lease: " + token(answer.body()) + "\r\n";
					return answer.status() == 201;
				});
				return () -> load.once(List.of(HttpLoad.request("DELETE", this.url, instance(member), token[0], "")),
						Check.status(204));
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
