package io.redmesh.demo.launcher;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/**
 * A load of calls to one address at a constant rate, whatever the responses, until it is
 * closed. A call counts in the {@link Tally} of the phase in which it was due.
 */
final class Load implements AutoCloseable {

	private static final int MAX_IN_FLIGHT = 4000;

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private static final Duration SETTLED = Duration.ofSeconds(1);

	private final HttpClient client;

	private final HttpRequest request;

	private final int perSecond;

	private final Semaphore inFlight = new Semaphore(MAX_IN_FLIGHT);

	private final Thread thread = new Thread(this::run, "load");

	private volatile Tally tally = new Tally();

	private volatile boolean closed;

	Load(HttpClient client, URI target, int perSecond) {
		this.client = client;
		this.request = HttpRequest.newBuilder(target).timeout(TIMEOUT).build();
		this.perSecond = perSecond;
		this.thread.setDaemon(true);
	}

	void start() {
		this.thread.start();
	}

	/**
	 * Waits until responses keep up with the calls: for a second, no more calls are in
	 * flight than are due in a tenth of a second. By Little's law that is a mean latency
	 * of 100 ms.
	 * @param timeout the longest wait
	 * @return whether responses kept up before the timeout
	 */
	boolean settle(Duration timeout) throws InterruptedException {
		long now = System.nanoTime();
		long deadline = now + timeout.toNanos();
		long settledSince = now;
		while (now - deadline < 0 && now - settledSince < SETTLED.toNanos()) {
			Thread.sleep(20);
			now = System.nanoTime();
			if (MAX_IN_FLIGHT - this.inFlight.availablePermits() > Math.max(1, this.perSecond / 10)) {
				settledSince = now;
			}
		}
		return now - settledSince >= SETTLED.toNanos();
	}

	/** Begins a phase: calls that are due from now on count in the tally. */
	void count(Tally next) {
		this.tally = next;
	}

	private void run() {
		RateSchedule schedule = new RateSchedule(System.nanoTime(), this.perSecond);
		for (long call = 0; !this.closed; call++) {
			long due = schedule.due(call);
			for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
				LockSupport.parkNanos(wait);
			}
			call(due, this.tally);
		}
	}

	@SuppressWarnings("FutureReturnValueIgnored") // Both outcomes are counted.
	private void call(long due, Tally counted) {
		if (!this.inFlight.tryAcquire()) {
			counted.failed(Duration.ZERO, "not sent: %d calls are in flight".formatted(MAX_IN_FLIGHT));
			return;
		}
		this.client.sendAsync(this.request, BodyHandlers.discarding()).whenComplete((response, failure) -> {
			this.inFlight.release();
			count(counted, Duration.ofNanos(System.nanoTime() - due), response, failure);
		});
	}

	private static void count(Tally counted, Duration latency, @Nullable HttpResponse<Void> response,
			@Nullable Throwable failure) {
		if (response == null) {
			counted.failed(latency, String.valueOf(failure));
		}
		else if (response.statusCode() != 200) {
			counted.failed(latency, "HTTP " + response.statusCode()
			// Retry-After shows that the server shed the request.
					+ response.headers().firstValue("Retry-After").map(", Retry-After "::concat).orElse(""));
		}
		else {
			counted.answered(latency);
		}
	}

	/** Ends the load and waits for the responses to calls in flight. */
	@Override
	public void close() {
		this.closed = true;
		try {
			this.thread.join();
			if (!this.inFlight.tryAcquire(MAX_IN_FLIGHT, TIMEOUT.toMillis() + 1000, TimeUnit.MILLISECONDS)) {
				this.tally.failed(TIMEOUT, "no response");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
