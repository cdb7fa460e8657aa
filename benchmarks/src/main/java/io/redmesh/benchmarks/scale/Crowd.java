package io.redmesh.benchmarks.scale;

import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Supplier;

import io.redmesh.benchmarks.load.EventLoop;
import io.redmesh.benchmarks.load.HttpLine;
import io.redmesh.benchmarks.load.RegistryRequests;
import io.redmesh.benchmarks.load.Sample;

/** Many instances that register and renew one by one, on one thread. */
final class Crowd implements AutoCloseable {

	private final EventLoop loop = EventLoop.start("instances");

	private final RegistryRequests requests;

	private final List<App> apps = new ArrayList<>();

	private final BitSet registered = new BitSet();

	// When each was registered first since it was forgotten.
	private Sample.Tally registrations = new Sample.Tally();

	private Counts counts = new Counts();

	// Failures are expected while the registry is away.
	private boolean strict = true;

	private Crowd(URI url) throws java.io.IOException {
		this.requests = new RegistryRequests(url);
	}

	static Crowd of(URI url, int size) throws java.io.IOException {
		Crowd crowd = new Crowd(url);
		InetSocketAddress server = new InetSocketAddress(url.getHost(), url.getPort());
		for (Member member : Member.range(0, size)) {
			crowd.apps.add(new App(member, crowd, new HttpLine(crowd.loop, server, App.TIMEOUT)));
		}
		return crowd;
	}

	/** Lets all of them register, spread over a time. */
	void come(long nanos) {
		this.loop.execute(() -> {
			for (int i = 0; i < this.apps.size(); i++) {
				this.apps.get(i).after(nanos * i / this.apps.size());
			}
		});
	}

	EventLoop loop() {
		return this.loop;
	}

	RegistryRequests requests() {
		return this.requests;
	}

	App app(int number) {
		return this.apps.get(number);
	}

	void doubt(int number) {
		this.loop.execute(() -> this.apps.get(number).doubt());
	}

	void answered(boolean renewal, int status, long begun, Supplier<String> body) {
		if (renewal && status == 200) {
			this.counts.renewals.success(System.nanoTime() - begun);
		}
		else if (renewal) {
			this.counts.renewalsLost++;
		}
		if (status >= 300 || status == 0) {
			this.counts.failed(status);
			if (this.strict && this.counts.told++ < 5) {
				System.err.printf("FAILED: %s, %d %s%n", renewal ? "renew" : "register", status, body.get());
			}
		}
	}

	HttpLine.Reply expect(int status) {
		return (answer, failure) -> {
			if (answer == null || answer.status() != status) {
				this.counts.failed((answer != null) ? answer.status() : 0);
				System.err.printf("FAILED: %s%n", (answer != null) ? answer.status() + " " + answer.body() : failure);
			}
		};
	}

	void registered(int number) {
		if (!this.registered.get(number)) {
			this.registered.set(number);
			this.registrations.success(System.nanoTime());
		}
	}

	int countRegistered() throws Exception {
		return this.loop.call(this.registered::cardinality);
	}

	/** When each of those that count as registered was, since a moment. */
	Sample registeredSince(long begun) throws Exception {
		return this.loop.call(() -> {
			Sample.Tally since = new Sample.Tally();
			for (long at : this.registrations.over(1).latencies()) {
				since.success(at - begun);
			}
			return since.over(1);
		});
	}

	/** Nobody counts as registered any more. */
	void forget() {
		this.loop.execute(() -> {
			this.registered.clear();
			this.registrations = new Sample.Tally();
		});
	}

	/** Says whether failures are told, and begins to count anew. */
	Counts count(boolean strictly) throws Exception {
		return this.loop.call(() -> {
			Counts before = this.counts;
			this.counts = new Counts();
			this.strict = strictly;
			return before;
		});
	}

	@Override
	public void close() throws Exception {
		this.loop.close();
	}

	/** What has become of requests. */
	static final class Counts {

		private final Sample.Tally renewals = new Sample.Tally();

		private long renewalsLost;

		private int told;

		private int unknown;

		private int refused;

		private int unreachable;

		private void failed(int status) {
			if (status == 0) {
				this.unreachable++;
			}
			else if (status == 404) {
				this.unknown++;
			}
			else {
				this.refused++;
			}
		}

		Sample renewals(long nanos) {
			return this.renewals.over(nanos);
		}

		/** Renewals that were not answered with 200. */
		long renewalsLost() {
			return this.renewalsLost;
		}

		/** Requests answered with 404. */
		int unknown() {
			return this.unknown;
		}

		/** Requests answered with another failure. */
		int refused() {
			return this.refused;
		}

		/** Requests without an answer. */
		int unreachable() {
			return this.unreachable;
		}

	}

}
