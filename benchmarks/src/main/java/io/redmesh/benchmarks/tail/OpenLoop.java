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

/** Begins calls when they are due, however long the others take. */
final class OpenLoop {

	private OpenLoop() {
	}

	/**
	 * Makes all calls and waits for them.
	 * @param caller makes them
	 * @param phases one after another
	 * @param events what happens meanwhile
	 * @param grace how many seconds calls have to end after the last has begun
	 * @return all calls
	 */
	static Trace run(Caller caller, List<Phase> phases, List<Event> events, double grace) throws InterruptedException {
		List<Call> calls = plan(phases);
		CountDownLatch left = new CountDownLatch(calls.size());
		AtomicBoolean over = new AtomicBoolean();
		ScheduledExecutorService fate = Executors.newSingleThreadScheduledExecutor();
		OperatingSystemMXBean machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
		machine.getCpuLoad();
		machine.getProcessCpuLoad();
		long start = System.nanoTime();
		double warmUp = phases.stream().filter((phase) -> !phase.counted()).mapToDouble(Phase::seconds).sum();
		events.forEach((event) -> fate.schedule(event::happen, (long) ((warmUp + event.second()) * 1e9),
				TimeUnit.NANOSECONDS));
		for (Call call : calls) {
			long wait = call.due() - (System.nanoTime() - start);
			while (wait > 0) {
				LockSupport.parkNanos(wait);
				wait = call.due() - (System.nanoTime() - start);
			}
			call.begun(System.nanoTime() - start);
			boolean crowded = caller.call(call.second(), (status) -> {
				// What ends because all is closed had no end.
				if (!over.get()) {
					call.ended(System.nanoTime() - start, status);
				}
				left.countDown();
			});
			if (crowded) {
				call.crowded();
			}
		}
		Busy busy = new Busy(machine.getCpuLoad(), machine.getProcessCpuLoad());
		left.await((long) (grace * 1e3), TimeUnit.MILLISECONDS);
		over.set(true);
		fate.shutdown();
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
	 * How much of all processors was in use, 0 to 1.
	 *
	 * @param machine by all processes
	 * @param process by this one
	 */
	record Busy(double machine, double process) {

	}

	/**
	 * So many calls a second, evenly spread.
	 *
	 * @param rate calls a second
	 * @param seconds how long
	 * @param counted whether they are looked at; those that are not come first
	 */
	record Phase(double rate, double seconds, boolean counted) {

	}

	/**
	 * Something that happens during the load.
	 *
	 * @param second when, since calls count
	 * @param action what
	 */
	record Event(double second, Runnable action) {

		void happen() {
			try {
				this.action.run();
			}
			catch (RuntimeException ex) {
				System.err.println("FAILED, the figures mean nothing: " + ex);
			}
		}

	}

}
