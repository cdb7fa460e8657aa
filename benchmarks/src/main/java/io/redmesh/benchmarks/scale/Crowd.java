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

/** Many instances on one thread, each of which registers and renews by itself. */
final class Crowd implements AutoCloseable {

	private final EventLoop loop = EventLoop.start("instances");

	private final RegistryRequests requests;

	private final List<App> apps = new ArrayList<>();

	private final BitSet registered = new BitSet();

	// The moments of the first registrations since the last forget().
	private Sample.Tally registrations = new Sample.Tally();

	private Counts counts = new Counts();

	// Whether failures are printed; they are expected while the registry is down.
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

	/** Registers all instances, spread over a time. */
	void registerAll(long nanos) {
		this.loop.execute(() -> {
			for (int i = 0; i < this.apps.size(); i++) {
				this.apps.get(i).reconcileAfter(nanos * i / this.apps.size());
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

	void newEpoch(int number) {
		this.loop.execute(() -> this.apps.get(number).newEpoch());
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
			if (this.strict && this.counts.printed++ < 5) {
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

	/** Returns the times from a moment until each registered instance was registered. */
	Sample registeredSince(long begun) throws Exception {
		return this.loop.call(() -> {
			Sample.Tally since = new Sample.Tally();
			for (long at : this.registrations.over(1).latencies()) {
				since.success(at - begun);
			}
			return since.over(1);
		});
	}

	/** Makes all instances count as not registered. */
	void forget() {
		this.loop.execute(() -> {
			this.registered.clear();
			this.registrations = new Sample.Tally();
		});
	}

	/** Sets whether failures are printed; returns the counts and resets them. */
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

	/** The outcomes of requests. */
	static final class Counts {

		private final Sample.Tally renewals = new Sample.Tally();

		private long renewalsLost;

		private int printed;

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

		/** Returns the number of renewals whose response was not 200. */
		long renewalsLost() {
			return this.renewalsLost;
		}

		/** Returns the number of requests whose response was 404. */
		int unknown() {
			return this.unknown;
		}

		/** Returns the number of requests whose response was another failure. */
		int refused() {
			return this.refused;
		}

		/** Returns the number of requests without a response. */
		int unreachable() {
			return this.unreachable;
		}

	}

}
