package io.redmesh.demo.launcher;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program that can be started repeatedly, and its log. */
final class ChildProcess {

	private static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();

	private final List<String> command;

	private final Path log;

	private volatile Process process;

	/**
	 * Starts the program and appends its process id to the file <code>pids</code> beside
	 * the log. If the launcher dies, <code>demo-apps/run</code> kills the processes in
	 * that file.
	 * @param command the program and its arguments
	 * @param log the file for the program's output; each start appends to it
	 */
	ChildProcess(List<String> command, Path log) throws IOException {
		this.command = List.copyOf(command);
		this.log = log;
		this.process = launch();
	}

	/** Starts an executable jar. */
	static ChildProcess java(Path jar, String heap, List<String> arguments, Path log) throws IOException {
		List<String> command = new ArrayList<>(
				List.of(JAVA, heap, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-jar", jar.toString()));
		command.addAll(arguments);
		return new ChildProcess(command, log);
	}

	private Process launch() throws IOException {
		Process started = new ProcessBuilder(this.command).redirectErrorStream(true)
			.redirectOutput(Redirect.appendTo(this.log.toFile()))
			.start();
		Files.writeString(this.log.resolveSibling("pids"), started.pid() + "\n", StandardOpenOption.CREATE,
				StandardOpenOption.APPEND);
		return started;
	}

	Path log() {
		return this.log;
	}

	boolean runs() {
		return this.process.isAlive();
	}

	void startAgain() throws IOException {
		this.process = launch();
	}

	void kill() throws InterruptedException {
		this.process.destroyForcibly();
		awaitEnd();
	}

	void stop() throws InterruptedException {
		terminate();
		awaitEnd();
	}

	void terminate() {
		this.process.destroy();
	}

	/** Sends a signal that Java's API does not offer, such as <code>STOP</code>. */
	void signal(String name) throws IOException, InterruptedException {
		Process kill = new ProcessBuilder("kill", "-" + name, String.valueOf(this.process.pid())).start();
		if (kill.waitFor() != 0) {
			throw new IOException("%s: SIG%s was not sent".formatted(this.log, name));
		}
	}

	private void awaitEnd() throws InterruptedException {
		if (!this.process.waitFor(Fleet.STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
			throw new IllegalStateException(this.log + ": the process does not end");
		}
	}

	/**
	 * Waits until the process ends, and kills it at the deadline.
	 * @param deadline in nanoseconds of {@link System#nanoTime()}
	 */
	void endBy(long deadline) {
		try {
			this.process.waitFor(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.process.destroyForcibly();
	}

}
