package io.redmesh.registry.chaos.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

/**
 * A process that can be started more than once, and ended or stopped in any way.
 * <p>
 * Safe for use by many threads, one of which at a time starts and ends it.
 */
public abstract class RestartableProcess implements AutoCloseable {

	private final Path directory;

	private final Path log;

	private volatile @Nullable ChildProcess process;

	RestartableProcess(Path directory, String log) {
		this.directory = directory;
		this.log = directory.resolve(log);
	}

	/** Starts it once, without waiting. */
	void launch(List<String> command) {
		this.process = ChildProcess.start(this.directory, this.log, command);
	}

	/** Waits until it answers, or has ended. */
	void await(String name, Duration limit, BooleanSupplier answers) {
		Waiting.until(name + " answers, see " + this.log, limit, () -> {
			if (!isRunning()) {
				throw new IllegalStateException(name + " has ended, see " + this.log);
			}
			return answers.getAsBoolean();
		});
	}

	public boolean isRunning() {
		ChildProcess current = this.process;
		return current != null && current.isAlive();
	}

	/** As {@code kill -9} does. */
	public void kill() {
		ChildProcess current = this.process;
		if (current != null) {
			current.kill();
		}
	}

	/** As an operator stops it. */
	public void terminate() {
		ChildProcess current = this.process;
		if (current != null) {
			current.terminate();
			Waiting.until(this.log + " ends", Duration.ofSeconds(30), () -> !current.isAlive());
		}
	}

	/** Stops it where it is; its connections stay. */
	public void freeze() {
		ChildProcess current = this.process;
		if (current != null) {
			current.freeze();
		}
	}

	public void thaw() {
		ChildProcess current = this.process;
		if (current != null) {
			current.thaw();
		}
	}

	@Override
	public void close() {
		kill();
	}

}
