package io.redmesh.core.time;

import java.time.Duration;
import java.time.Instant;

/** The clocks of this machine. */
enum SystemTime implements Time {

	INSTANCE;

	@Override
	public long nanos() {
		return System.nanoTime();
	}

	@Override
	public Instant now() {
		return Instant.now();
	}

	@Override
	public void sleep(Duration duration) throws InterruptedException {
		Thread.sleep(duration.toMillis(), duration.toNanosPart() % 1_000_000);
	}

}
