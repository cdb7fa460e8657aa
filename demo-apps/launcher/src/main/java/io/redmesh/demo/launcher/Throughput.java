package io.redmesh.demo.launcher;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A closed-loop load: a few callers call some URIs in turn, and each waits for its
 * response before it calls again. So the demo warms up without a queue, however slow the
 * machine is. The rate at the end is what the machine can take.
 */
final class Throughput {

	private static final int CALLERS = 8;

	private static final int MIN_WINDOWS = 3;

	/** The factor by which a window must be faster to count as progress. */
	private static final double PROGRESS = 1.1;

	private final List<URI> targets;

	private final Duration window;

	private final int maxWindows;

	private volatile boolean ended;

	/**
	 * Creates the load; calls begin with {@link #measure}.
	 * @param targets the URIs that are called
	 * @param window the time over which responses are counted
	 * @param maxWindows the largest number of windows
	 */
	Throughput(List<URI> targets, Duration window, int maxWindows) {
		this.targets = List.copyOf(targets);
		this.window = window;
		this.maxWindows = maxWindows;
	}

	/**
	 * Makes calls until two windows in a row are not faster than the fastest before them.
	 * @param tally the tally that counts the calls
	 * @return responses per second in the fastest window
	 */
	double measure(Tally tally) throws InterruptedException {
		AtomicInteger answers = new AtomicInteger();
		List<Thread> callers = new ArrayList<>();
		for (int i = 0; i < CALLERS; i++) {
			int first = i;
			Thread caller = new Thread(() -> call(first, tally, answers), "throughput-" + i);
			caller.setDaemon(true);
			caller.start();
			callers.add(caller);
		}
		try {
			return best(answers);
		}
		finally {
			this.ended = true;
			for (Thread caller : callers) {
				caller.join();
			}
		}
	}

	private double best(AtomicInteger answers) throws InterruptedException {
		double best = 0;
		int without = 0;
		for (int i = 0; i < this.maxWindows && (i < MIN_WINDOWS || without < 2); i++) {
			long start = System.nanoTime();
			answers.set(0);
			Thread.sleep(this.window.toMillis());
			double rate = answers.get() * (double) TimeUnit.SECONDS.toNanos(1) / (System.nanoTime() - start);
			without = (rate > best * PROGRESS) ? 0 : without + 1;
			best = Math.max(best, rate);
		}
		return best;
	}

	private void call(int first, Tally tally, AtomicInteger answers) {
		for (int i = first; !this.ended; i++) {
			long begun = System.nanoTime();
			try {
				HttpResponse<String> response = Probe.get(this.targets.get(i % this.targets.size()));
				Duration took = Duration.ofNanos(System.nanoTime() - begun);
				if (response.statusCode() == 200) {
					answers.incrementAndGet();
					tally.answered(took);
				}
				else {
					tally.failed(took, "HTTP " + response.statusCode());
				}
			}
			catch (IOException ex) {
				tally.failed(Duration.ofNanos(System.nanoTime() - begun), String.valueOf(ex));
			}
			catch (InterruptedException ex) {
				return;
			}
		}
	}

}
