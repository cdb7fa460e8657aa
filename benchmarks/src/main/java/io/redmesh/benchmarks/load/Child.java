package io.redmesh.benchmarks.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/** A child process, which ends with this process at the latest. */
public final class Child implements AutoCloseable {

	private final Process process;

	private final @Nullable Path log;

	private Child(Process process, @Nullable Path log) {
		this.process = process;
		this.log = log;
		Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
	}

	/** Starts a JVM; all JVMs have the same flags. */
	public static Child java(Path log, String... arguments) throws IOException {
		return start(log, command(arguments));
	}

	/** Starts a JVM whose output can be read. */
	public static Child telling(String... arguments) throws IOException {
		return new Child(new ProcessBuilder(command(arguments)).redirectErrorStream(true).start(), null);
	}

	private static List<String> command(String... arguments) {
		List<String> command = new ArrayList<>();
		command.add(ProcessHandle.current().info().command().orElse("java"));
		command.add("-Xmx512m");
		command.addAll(Arrays.asList(arguments));
		return command;
	}

	public static Child start(Path log, List<String> command) throws IOException {
		return new Child(new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start(),
				log);
	}

	public ProcessHandle handle() {
		return this.process.toHandle();
	}

	public BufferedReader output() {
		return this.process.inputReader();
	}

	/**
	 * Waits until the process ends.
	 * @throws IllegalStateException if it fails, or does not end within a minute
	 */
	public void awaitEnd() throws InterruptedException {
		if (!this.process.waitFor(60, TimeUnit.SECONDS) || this.process.exitValue() != 0) {
			throw new IllegalStateException("failed, see " + this.log);
		}
	}

	/** Waits until the response to a GET is 200. */
	public void awaitReady(URI url) throws InterruptedException {
		HttpClient client = HttpClient.newHttpClient();
		HttpRequest request = HttpRequest.newBuilder(url).timeout(Duration.ofSeconds(5)).build();
		for (int tries = 0; !answers(client, request); tries++) {
			if (tries > 300 || !this.process.isAlive()) {
				throw new IllegalStateException(url + " does not become ready, see " + this.log);
			}
			LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
		}
	}

	private static boolean answers(HttpClient client, HttpRequest request) throws InterruptedException {
		try {
			return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
		}
		catch (IOException ex) {
			return false;
		}
	}

	public static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
	}

	/** Kills the process and waits until it has ended. */
	public void kill() throws InterruptedException {
		this.process.destroyForcibly().waitFor();
	}

	@Override
	public void close() throws InterruptedException {
		this.process.destroy();
		if (!this.process.waitFor(10, TimeUnit.SECONDS)) {
			this.process.destroyForcibly();
		}
	}

}
