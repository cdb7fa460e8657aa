package io.redmesh.chaos.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * A child process that ends with this JVM at the latest. Safe for use by many threads.
 */
final class ChildProcess {

	private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

	static {
		Runtime.getRuntime().addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly)));
	}

	private final Process process;

	private ChildProcess(Process process) {
		this.process = process;
	}

	/**
	 * Starts a process that writes to a file.
	 * @param directory its working directory
	 * @param log the file to which its output is appended
	 * @param command the command
	 * @return the process, which may not be ready yet
	 */
	static ChildProcess start(Path directory, Path log, List<String> command) {
		return start(builder(directory, command).redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile())));
	}

	/**
	 * Starts a process that writes to a pipe, from which its {@link #output} is read.
	 * @param directory its working directory
	 * @param command the command
	 * @return the process, which may not be ready yet
	 */
	static ChildProcess piped(Path directory, List<String> command) {
		return start(builder(directory, command));
	}

	private static ProcessBuilder builder(Path directory, List<String> command) {
		return new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
	}

	private static ChildProcess start(ProcessBuilder builder) {
		try {
			Process process = builder.start();
			RUNNING.add(process);
			return new ChildProcess(process);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	boolean isAlive() {
		return this.process.isAlive();
	}

	ProcessHandle handle() {
		return this.process.toHandle();
	}

	/** Returns the output, which is empty if it goes to a file. */
	BufferedReader output() {
		return this.process.inputReader();
	}

	/** Tells whether the process has ended without a failure. */
	boolean hasSucceeded() {
		return !this.process.isAlive() && this.process.exitValue() == 0;
	}

	/**
	 * Kills the process as {@code kill -9} does, even if it is frozen. Waits for its end.
	 */
	void kill() {
		try {
			if (!this.process.destroyForcibly().waitFor(10, TimeUnit.SECONDS)) {
				throw new IllegalStateException("Process " + this.process.pid() + " does not end");
			}
			RUNNING.remove(this.process);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/** Freezes the process; its connections stay. */
	void freeze() {
		signal("STOP");
	}

	void thaw() {
		signal("CONT");
	}

	/** Asks the process to end. */
	void terminate() {
		signal("TERM");
	}

	private void signal(String name) {
		if (!this.process.isAlive()) {
			return;
		}
		try {
			new ProcessBuilder("kill", "-" + name, Long.toString(this.process.pid())).start().waitFor();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

}
