package io.redmesh.chaos.process;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

/**
 * A process that can be started more than once, frozen, terminated and killed.
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

	/** Starts the process without waiting. */
	void launch(List<String> command) {
		this.process = ChildProcess.start(this.directory, this.log, command);
	}

	/**
	 * Starts the process without waiting, with its output on a pipe instead of in the
	 * log.
	 */
	BufferedReader launchPiped(List<String> command) {
		ChildProcess current = ChildProcess.piped(this.directory, command);
		this.process = current;
		return current.output();
	}

	/** Waits until the process responds. Fails if it has ended. */
	void await(String name, Duration limit, BooleanSupplier answers) {
		Waiting.until(name + " responds, see " + this.log, limit, () -> {
			if (!isRunning()) {
				throw new IllegalStateException(name + " has ended, see " + this.log);
			}
			return answers.getAsBoolean();
		});
	}

	/**
	 * Waits until the process ends by itself.
	 * @param limit how long to wait
	 * @throws IllegalStateException if it fails, or does not end within the limit
	 */
	public void awaitEnd(Duration limit) {
		ChildProcess current = started();
		Waiting.until(this.log + " ends", limit, () -> !current.isAlive());
		if (!current.hasSucceeded()) {
			throw new IllegalStateException("The process has failed, see " + this.log);
		}
	}

	/**
	 * Returns the handle of the operating system's process, a new one after each start.
	 * @return the handle
	 * @throws IllegalStateException if the process has not been started
	 */
	public ProcessHandle handle() {
		return started().handle();
	}

	private ChildProcess started() {
		ChildProcess current = this.process;
		if (current == null) {
			throw new IllegalStateException("The process of " + this.log + " has not been started");
		}
		return current;
	}

	public boolean isRunning() {
		ChildProcess current = this.process;
		return current != null && current.isAlive();
	}

	/** Kills the process, as {@code kill -9} does. */
	public void kill() {
		ChildProcess current = this.process;
		if (current != null) {
			current.kill();
		}
	}

	/** Stops the process gracefully, as an operator does, and waits for its end. */
	public void terminate() {
		ChildProcess current = this.process;
		if (current != null) {
			current.terminate();
			Waiting.until(this.log + " ends", Duration.ofSeconds(30), () -> !current.isAlive());
		}
	}

	/** Freezes the process; its connections stay. */
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
