package io.redmesh.benchmarks.scale;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

import io.redmesh.benchmarks.load.EventLoop;
import io.redmesh.benchmarks.load.HttpLine;
import io.redmesh.benchmarks.load.HttpLoad;
import io.redmesh.benchmarks.load.RegistryRequests;
import io.redmesh.benchmarks.load.Sample;
import io.redmesh.benchmarks.scale.Subject.Footprint;

/**
 * The part with 100,000 instances, which renew in batches, and restarts of the server.
 */
final class InstancesPart {

	private static final int INSTANCES = 100_000;

	private static final int REGISTRARS = 32;

	private static final int BATCH = 500;

	private static final int LINES = 4;

	private static final int RESTARTS = 3;

	// Longer than the time to register all of them.
	private static final String TTL = "PT5M";

	private static final Duration RENEW_EVERY = Duration.ofSeconds(5);

	private static final Duration WARM_UP = Duration.ofSeconds(10);

	private static final Duration WINDOW = Duration.ofSeconds(30);

	private static final Duration POLL_INTERVAL = Duration.ofMillis(10);

	private final Subject subject;

	private final RegistryRequests requests;

	private final List<Member> members = Member.range(0, INSTANCES);

	private final String[] tokens = new String[INSTANCES];

	private final HttpClient client = HttpClient.newHttpClient();

	private Sample.Tally renewals = new Sample.Tally();

	private InstancesPart(Subject subject) {
		this.subject = subject;
		this.requests = new RegistryRequests(subject.url());
	}

	static void run(Subject subject) throws Exception {
		InstancesPart part = new InstancesPart(subject);
		part.register(0, Member.SERVICES);
		Footprint few = subject.footprint();
		Sample registered = part.register(Member.SERVICES, INSTANCES);
		Footprint many = subject.footprint();
		Report.head("memory", "live heap", "resident", "Redis");
		Report.memory("%,d instances".formatted(Member.SERVICES), few);
		Report.memory("%,d instances".formatted(INSTANCES), many);
		Report.memoryOfEach("each instance", few, many, INSTANCES - Member.SERVICES);
		Report.line("%nRegistered %,.0f/s, failed: %d.", registered.perSecond(), registered.failures());
		part.renew();
		part.restart();
	}

	private Sample register(int from, int to) throws IOException {
		List<byte[]> all = this.members.subList(from, to)
			.stream()
			.map((member) -> this.requests.register(member, "", TTL))
			.toList();
		try (HttpLoad load = HttpLoad.open(this.subject.url(), REGISTRARS)) {
			return load.once(all, (request, answer) -> {
				this.tokens[from + request] = RegistryRequests.token(answer.body());
				return answer.status() == 201;
			});
		}
	}

	private void renew() throws Exception {
		URI url = this.subject.url();
		InetSocketAddress server = new InetSocketAddress(url.getHost(), url.getPort());
		List<byte[]> batches = new ArrayList<>();
		for (int from = 0; from < INSTANCES; from += BATCH) {
			batches.add(this.requests.renew(this.members.subList(from, from + BATCH),
					List.of(this.tokens).subList(from, from + BATCH)));
		}
		try (EventLoop loop = EventLoop.start("batches")) {
			List<HttpLine> lines = new ArrayList<>();
			for (int i = 0; i < LINES; i++) {
				lines.add(new HttpLine(loop, server, App.TIMEOUT));
			}
			loop.execute(() -> {
				for (int i = 0; i < batches.size(); i++) {
					byte[] batch = batches.get(i);
					HttpLine line = lines.get(i % LINES);
					loop.schedule(RENEW_EVERY.toNanos() * i / batches.size(), () -> renew(loop, line, batch));
				}
			});
			Waiting.pause(WARM_UP);
			loop.call(() -> this.renewals = new Sample.Tally());
			double[] before = this.subject.cpu();
			long begun = System.nanoTime();
			Waiting.pause(WINDOW);
			double[] after = this.subject.cpu();
			long nanos = System.nanoTime() - begun;
			Sample sample = loop.call(() -> this.renewals.over(nanos));
			Report.head("%d renewals in a call, %d s".formatted(BATCH, WINDOW.toSeconds()), "count", "p50", "p99",
					"worst");
			Report.latencies("call answered", sample);
			double[] used = Report.used(before, after);
			Report.line(
					"%n%,.0f renewals/s, failed calls: %d. CPU for 1,000: server %.4f s + Redis %.4f s. "
							+ "Cores in use, server + Redis + load: %s.",
					sample.perSecond() * BATCH, sample.failures(), used[0] * 1000 / BATCH / sample.operations(),
					used[1] * 1000 / BATCH / sample.operations(), Report.cores(before, after, nanos));
		}
	}

	private void renew(EventLoop loop, HttpLine line, byte[] batch) {
		loop.schedule(RENEW_EVERY.toNanos(), () -> renew(loop, line, batch));
		long begun = System.nanoTime();
		line.send(batch, (answer, failure) -> {
			if (answer != null && answer.status() == 200
					&& answer.body().contains("\"unknown\":[],\"superseded\":[]")) {
				this.renewals.success(System.nanoTime() - begun);
			}
			else {
				this.renewals.failure((answer != null) ? answer.status() + " " + answer.body() : failure);
			}
		});
	}

	private void restart() throws Exception {
		Report.head("killed and started again with %,d instances".formatted(INSTANCES), "accepts connections", "ready",
				"answers with a whole service", "from accepting to that");
		for (int i = 0; i < RESTARTS; i++) {
			this.subject.kill();
			long begun = System.nanoTime();
			this.subject.startAgain();
			long accepts = await(this::accepts) - begun;
			long ready = await(() -> answers("/actuator/health/readiness", "\"UP\"", 1)) - begun;
			int expected = INSTANCES / Member.SERVICES;
			String read = "/v1/namespaces/default/services/" + this.members.get(0).service();
			long whole = await(() -> answers(read, "\"metadata\"", expected)) - begun;
			Report.row(Integer.toString(i + 1), Report.seconds(accepts), Report.seconds(ready), Report.seconds(whole),
					Report.seconds(whole - accepts));
		}
	}

	private static long await(Condition condition) throws Exception {
		long limit = System.nanoTime() + Duration.ofSeconds(60).toNanos();
		while (!condition.holds()) {
			if (System.nanoTime() > limit) {
				throw new IllegalStateException("The server has not started within 60 s");
			}
			LockSupport.parkNanos(POLL_INTERVAL.toNanos());
		}
		return System.nanoTime();
	}

	private boolean accepts() {
		URI url = this.subject.url();
		try (Socket socket = new Socket(url.getHost(), url.getPort())) {
			return socket.isConnected();
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * Returns whether a response contains a text at least so many times, and does not say
	 * that instances are missing.
	 */
	private boolean answers(String path, String text, int times) throws InterruptedException {
		try {
			HttpResponse<String> response = this.client.send(
					HttpRequest.newBuilder(this.subject.url().resolve(path)).timeout(Duration.ofSeconds(5)).build(),
					HttpResponse.BodyHandlers.ofString());
			String body = response.body();
			return response.statusCode() == 200 && !body.contains("\"complete\":false")
					&& body.split(text, -1).length - 1 >= times;
		}
		catch (IOException ex) {
			return false;
		}
	}

	/** A condition that becomes true. */
	@FunctionalInterface
	private interface Condition {

		boolean holds() throws Exception;

	}

}
