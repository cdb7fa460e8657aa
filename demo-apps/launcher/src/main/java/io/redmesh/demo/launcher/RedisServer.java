package io.redmesh.demo.launcher;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A Redis of this launcher's own, which can be killed, emptied and frozen. What it has
 * acknowledged survives its process.
 */
final class RedisServer implements AutoCloseable {

	/**
	 * Below the ports that the kernel gives to outgoing connections: a client that tries
	 * one of those while Redis is away may be connected to itself.
	 */
	private static final int PORT = 16379;

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final int port;

	private final Path data;

	private final ChildProcess process;

	private boolean closed;

	/**
	 * Starts an empty <code>redis-server</code> from the path; returns when it answers.
	 * @param logs the folder of its log and its data
	 */
	RedisServer(Path logs) throws IOException, InterruptedException {
		this.port = ProcessFleet.freePort(PORT);
		this.data = Files.createDirectories(logs.resolve("redis"));
		empty();
		Path log = logs.resolve("redis.log");
		Files.deleteIfExists(log);
		// With its own title it would not tell, in a list of processes, whose it is.
		this.process = new ChildProcess(
				List.of("redis-server", "--port", String.valueOf(this.port), "--bind", "127.0.0.1", "--dir",
						this.data.toString(), "--appendonly", "yes", "--save", "", "--set-proc-title", "no"),
				log);
		awaitAnswer();
	}

	String url() {
		return "redis://127.0.0.1:" + this.port;
	}

	private void awaitAnswer() throws IOException, InterruptedException {
		long deadline = System.nanoTime() + PATIENCE.toNanos();
		while (!answers()) {
			if (!this.process.runs() || System.nanoTime() - deadline > 0) {
				throw new IOException("Redis does not answer, see " + this.process.log());
			}
			Thread.sleep(10);
		}
	}

	private boolean answers() {
		try {
			return command("PING").equals("+PONG");
		}
		catch (IOException ex) {
			return false;
		}
	}

	/** Sends a command and returns the first line of the answer as it comes. */
	String command(String command) throws IOException {
		try (Socket socket = new Socket()) {
			socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), this.port), 1000);
			socket.setSoTimeout(5000);
			socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
			String answer = new BufferedReader(
					new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
				.readLine();
			return String.valueOf(answer);
		}
	}

	/** Ends the process without warning (SIGKILL) and returns when it is no more. */
	void kill() throws InterruptedException {
		this.process.kill();
	}

	/** Starts the process that ended; returns when it has read its data and answers. */
	void start() throws IOException, InterruptedException {
		synchronized (this) {
			if (this.closed) {
				throw new IOException("The demo is being stopped");
			}
			this.process.startAgain();
		}
		awaitAnswer();
	}

	/** Removes the data of the process that ended. */
	void empty() throws IOException {
		remove(this.data, false);
	}

	private static void remove(Path path, boolean itself) throws IOException {
		if (Files.isDirectory(path)) {
			try (DirectoryStream<Path> children = Files.newDirectoryStream(path)) {
				for (Path child : children) {
					remove(child, true);
				}
			}
		}
		if (itself) {
			Files.delete(path);
		}
	}

	/** Stops the process where it is: its connections stay, and nothing is answered. */
	void freeze() throws IOException, InterruptedException {
		this.process.signal("STOP");
	}

	/** Lets the process go on. */
	void thaw() throws IOException, InterruptedException {
		this.process.signal("CONT");
	}

	@Override
	public synchronized void close() {
		this.closed = true;
		this.process.endBy(System.nanoTime());
	}

}
