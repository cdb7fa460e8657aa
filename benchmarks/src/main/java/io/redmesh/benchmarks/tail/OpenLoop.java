package io.redmesh.benchmarks.tail;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

import com.sun.management.OperatingSystemMXBean;

/** An open-loop load: begins calls when they are due, however long earlier calls take. */
final class OpenLoop {

	private OpenLoop() {
	}

	/**
	 * Makes all calls and waits for their ends.
	 * @param caller makes the calls
	 * @param phases the phases of the load, which follow one another
	 * @param events the events during the load
	 * @param grace the seconds in which calls must end after the last one has begun
	 * @return all calls
	 */
	static Trace run(Caller caller, List<Phase> phases, List<Event> events, double grace) throws InterruptedException {
		List<Call> calls = plan(phases);
		CountDownLatch left = new CountDownLatch(calls.size());
		AtomicBoolean over = new AtomicBoolean();
		ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
		OperatingSystemMXBean machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
		machine.getCpuLoad();
		machine.getProcessCpuLoad();
		long start = System.nanoTime();
		double warmUp = phases.stream().filter((phase) -> !phase.counted()).mapToDouble(Phase::seconds).sum();
		events.forEach((event) -> scheduler.schedule(event::happen, (long) ((warmUp + event.second()) * 1e9),
				TimeUnit.NANOSECONDS));
		for (Call call : calls) {
			long wait = call.due() - (System.nanoTime() - start);
			while (wait > 0) {
				LockSupport.parkNanos(wait);
				wait = call.due() - (System.nanoTime() - start);
			}
			call.begun(System.nanoTime() - start);
			boolean queued = caller.call(call.second(), (status) -> {
				// A call that ends because the clients are closed counts as not ended.
				if (!over.get()) {
					call.ended(System.nanoTime() - start, status);
				}
				left.countDown();
			});
			if (queued) {
				call.queued();
			}
		}
		Busy busy = new Busy(machine.getCpuLoad(), machine.getProcessCpuLoad());
		left.await((long) (grace * 1e3), TimeUnit.MILLISECONDS);
		over.set(true);
		scheduler.shutdown();
		return Trace.of(calls, System.nanoTime() - start, busy);
	}

	private static List<Call> plan(List<Phase> phases) {
		List<Call> calls = new ArrayList<>();
		double begin = 0;
		double counted = 0;
		for (Phase phase : phases) {
			int count = (int) Math.round(phase.rate() * phase.seconds());
			for (int i = 0; i < count; i++) {
				double offset = i / phase.rate();
				calls.add(new Call((long) ((begin + offset) * 1e9),
						phase.counted() ? (int) Math.floor(counted + offset + 1e-9) : -1));
			}
			begin += phase.seconds();
			counted += phase.counted() ? phase.seconds() : 0;
		}
		return calls;
	}

	/**
	 * The share of all processors that was in use, 0 to 1.
	 *
	 * @param machine the share in use by all processes
	 * @param process the share in use by this process
	 */
	record Busy(double machine, double process) {

	}

	/**
	 * A phase with evenly spread calls.
	 *
	 * @param rate calls per second
	 * @param seconds the length in seconds
	 * @param counted whether its calls count; phases that do not count come first
	 */
	record Phase(double rate, double seconds, boolean counted) {

	}

	/**
	 * An event during the load.
	 *
	 * @param second the time of the event, in seconds since calls count
	 * @param action the action
	 */
	record Event(double second, Runnable action) {

		void happen() {
			try {
				this.action.run();
			}
			catch (RuntimeException ex) {
				System.err.println("FAILED, the figures are invalid: " + ex);
			}
		}

	}

}
