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
 * A Redis process of the launcher, which can be killed, emptied and frozen. Writes that
 * it has acknowledged survive the process.
 */
final class RedisServer implements AutoCloseable {

	/**
	 * The first port to try, below those that the kernel gives to outgoing connections. A
	 * client of one of those ports may be connected to itself while Redis is down.
	 */
	private static final int PORT = 16379;

	private static final Duration START_TIMEOUT = Duration.ofSeconds(30);

	private final int port;

	private final Path data;

	private final ChildProcess process;

	private boolean closed;

	/**
	 * Starts an empty <code>redis-server</code> from the path; returns when it responds.
	 * @param logs the folder of its log and its data
	 */
	RedisServer(Path logs) throws IOException, InterruptedException {
		this.port = ProcessFleet.freePort(PORT);
		this.data = Files.createDirectories(logs.resolve("redis"));
		empty();
		Path log = logs.resolve("redis.log");
		Files.deleteIfExists(log);
		// Without a title of its own it shows its --dir in the list of processes, by
		// which demo-apps/run recognizes it.
		this.process = new ChildProcess(
				List.of("redis-server", "--port", String.valueOf(this.port), "--bind", "127.0.0.1", "--dir",
						this.data.toString(), "--appendonly", "yes", "--save", "", "--set-proc-title", "no"),
				log);
		awaitResponse();
	}

	String url() {
		return "redis://127.0.0.1:" + this.port;
	}

	private void awaitResponse() throws IOException, InterruptedException {
		long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
		while (!responds()) {
			if (!this.process.runs() || System.nanoTime() - deadline > 0) {
				throw new IOException("Redis does not respond, see " + this.process.log());
			}
			Thread.sleep(10);
		}
	}

	private boolean responds() {
		try {
			return command("PING").equals("+PONG");
		}
		catch (IOException ex) {
			return false;
		}
	}

	/** Sends a command and returns the first line of the reply, unparsed. */
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

	/** Kills the process (SIGKILL) and returns when it has ended. */
	void kill() throws InterruptedException {
		this.process.kill();
	}

	/** Starts the process again; returns when it has read its data and responds. */
	void start() throws IOException, InterruptedException {
		synchronized (this) {
			if (this.closed) {
				throw new IOException("The demo is being stopped");
			}
			this.process.startAgain();
		}
		awaitResponse();
	}

	/** Removes the data; the process must have ended. */
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

	/** Suspends the process: its connections stay, and it does not respond. */
	void freeze() throws IOException, InterruptedException {
		this.process.signal("STOP");
	}

	/** Resumes the process. */
	void thaw() throws IOException, InterruptedException {
		this.process.signal("CONT");
	}

	@Override
	public synchronized void close() {
		this.closed = true;
		this.process.endBy(System.nanoTime());
	}

}
