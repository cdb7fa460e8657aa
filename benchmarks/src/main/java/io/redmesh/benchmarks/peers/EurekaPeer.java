package io.redmesh.benchmarks.peers;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import io.redmesh.benchmarks.load.HttpLoad;
import io.redmesh.benchmarks.load.HttpLoad.Check;
import io.redmesh.benchmarks.load.JvmArguments;
import io.redmesh.benchmarks.load.RegistryRequests;
import io.redmesh.benchmarks.load.Sample;
import io.redmesh.benchmarks.peers.Population.Member;
import io.redmesh.chaos.process.JavaProcess;
import io.redmesh.chaos.process.Ports;

/**
 * A Eureka server as Spring Cloud starts it, with its defaults. A second server, which
 * updates its cache each second, serves {@link #visible}.
 */
final class EurekaPeer implements Peer {

	private final Path jar;

	private final Path directory;

	private final URI url;

	private final JavaProcess server;

	private final long dirty = System.currentTimeMillis();

	private List<Member> members = List.of();

	private EurekaPeer(Path jar, Path directory, String... options) {
		this.jar = jar.toAbsolutePath();
		this.directory = directory;
		int port = Ports.free();
		this.url = URI.create("http://127.0.0.1:" + port);
		List<String> arguments = new ArrayList<>(JvmArguments.of("-jar", this.jar.toString(), "server",
				"--server.port=" + port, "--server.address=127.0.0.1",
				// By default Tomcat closes each connection after 100 requests.
				"--server.tomcat.max-keep-alive-requests=-1",
				// Its own name as its peer: so it replicates to no server.
				"--eureka.instance.hostname=127.0.0.1",
				"--eureka.client.service-url.defaultZone=" + this.url + "/eureka/",
				"--eureka.client.register-with-eureka=false", "--eureka.client.fetch-registry=false"));
		arguments.addAll(List.of(options));
		this.server = new JavaProcess(directory, "eureka-" + options.length, arguments);
		this.server.start();
	}

	static EurekaPeer start(Path jar, Path directory) {
		return new EurekaPeer(jar, directory);
	}

	@Override
	public String name() {
		return "Eureka";
	}

	@Override
	public List<ProcessHandle> processes() {
		return List.of(this.server.handle());
	}

	@Override
	public void awaitReady() {
		this.server.awaitOk(this.url.resolve("/eureka/apps"));
	}

	@Override
	public Sample register(Population population) throws IOException {
		this.members = population.members();
		List<byte[]> requests = this.members.stream().map(this::registration).toList();
		try (HttpLoad load = HttpLoad.open(this.url, REGISTRARS)) {
			return load.once(requests, Check.status(204));
		}
	}

	/** Returns a registration with all the fields that Spring Cloud's client sends. */
	private byte[] registration(Member member) {
		String root = "http://%s:%d/".formatted(member.host(), RegistryRequests.PORT);
		return HttpLoad.request("POST", this.url, app(member), "",
				"""
						{"instance":{"instanceId":"%1$s","app":"%2$s","appGroupName":null,"ipAddr":"%3$s","sid":"na",\
						"homePageUrl":"%4$s","statusPageUrl":"%4$sactuator/info","healthCheckUrl":"%4$sactuator/health",\
						"secureHealthCheckUrl":null,"vipAddress":"%5$s","secureVipAddress":"%5$s","countryId":1,\
						"dataCenterInfo":{"@class":"com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo","name":"MyOwn"},\
						"hostName":"%3$s","status":"UP","overriddenStatus":"UNKNOWN","leaseInfo":{"renewalIntervalInSecs":30,\
						"durationInSecs":90,"registrationTimestamp":0,"lastRenewalTimestamp":0,"evictionTimestamp":0,\
						"serviceUpTimestamp":0},"isCoordinatingDiscoveryServer":false,"lastUpdatedTimestamp":%6$d,\
						"lastDirtyTimestamp":%6$d,"actionType":null,"asgName":null,"port":{"$":%7$d,"@enabled":"true"},\
						"securePort":{"$":443,"@enabled":"false"},"metadata":%8$s}}"""
					.formatted(member.id(), member.service().toUpperCase(Locale.ROOT), member.host(), root,
							member.service(), this.dirty, RegistryRequests.PORT, RegistryRequests.metadata()));
	}

	private static String app(Member member) {
		return "/eureka/apps/" + member.service().toUpperCase(Locale.ROOT);
	}

	private static String instance(Member member) {
		return app(member) + "/" + member.id();
	}

	@Override
	public Sample renew(Duration time) throws IOException {
		List<byte[]> requests = this.members.stream()
			.map((member) -> HttpLoad.request("PUT", this.url,
					instance(member) + "?status=UP&lastDirtyTimestamp=" + this.dirty, "", ""))
			.toList();
		try (HttpLoad load = HttpLoad.open(this.url, RENEWERS)) {
			return load.during(time, requests, Check.status(200));
		}
	}

	@Override
	public Sample read(Duration time) throws IOException {
		List<byte[]> requests = List.of(HttpLoad.request("GET", this.url, app(this.members.get(0)), "", ""));
		try (HttpLoad load = HttpLoad.open(this.url, READERS)) {
			load.once(requests, (request, answer) -> answer.status() == 200
					&& answer.body().split("\"metadata\"", -1).length - 1 == Population.INSTANCES_OF_SERVICE);
			return load.during(time, requests, Check.status(200));
		}
	}

	@Override
	public void deregisterAll() throws IOException {
		deregister(this.members);
	}

	private void deregister(List<Member> members) throws IOException {
		List<byte[]> requests = members.stream()
			.map((member) -> HttpLoad.request("DELETE", this.url, instance(member), "", ""))
			.toList();
		try (HttpLoad load = HttpLoad.open(this.url, REGISTRARS)) {
			load.once(requests, Check.status(200));
		}
	}

	@Override
	public Sample visible(int trials) throws Exception {
		try (EurekaPeer quick = new EurekaPeer(this.jar, this.directory,
				"--eureka.server.response-cache-update-interval-ms=1000")) {
			quick.awaitReady();
			return quick.visibleEachSecond(trials);
		}
	}

	private Sample visibleEachSecond(int trials) throws Exception {
		List<Member> all = new ArrayList<>();
		try (EurekaWatcher watcher = EurekaWatcher.start(this.jar, this.directory, this.url);
				HttpLoad load = HttpLoad.open(this.url, 1)) {
			Sample sample = new Trials(watcher::await, (id) -> {
				Member member = new Member(EurekaWatcher.SERVICE, id);
				all.add(member);
				load.once(List.of(registration(member)), Check.status(204));
				return () -> {
				};
			}).overlapping(trials);
			deregister(all);
			return sample;
		}
	}

	@Override
	public void close() {
		this.server.close();
	}

}
