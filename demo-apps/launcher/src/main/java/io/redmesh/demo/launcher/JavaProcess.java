package io.redmesh.demo.launcher;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An executable jar that can be started again and again, and its log. */
final class JavaProcess {

	private static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();

	private final List<String> command = new ArrayList<>();

	private final Path log;

	private volatile Process process;

	/**
	 * Starts the jar. The id of the process goes to the file <code>pids</code> beside the
	 * log, for whoever has to end what the launcher could not.
	 * @param log takes what it writes; appended to on each start
	 */
	JavaProcess(Path jar, String heap, List<String> arguments, Path log) throws IOException {
		this.command.addAll(List.of(JAVA, heap, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-jar", jar.toString()));
		this.command.addAll(arguments);
		this.log = log;
		this.process = launch();
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

	void startAgain() throws IOException {
		this.process = launch();
	}

	void kill() throws InterruptedException {
		this.process.destroyForcibly();
		awaitEnd();
	}

	void stop() throws InterruptedException {
		askToEnd();
		awaitEnd();
	}

	void askToEnd() {
		this.process.destroy();
	}

	private void awaitEnd() throws InterruptedException {
		if (!this.process.waitFor(Fleet.STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
			throw new IllegalStateException(this.log + ": the process does not end");
		}
	}

	/** Ends the process at the latest at the given moment. */
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
