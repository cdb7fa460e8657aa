package io.redmesh.benchmarks.scale;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.redmesh.benchmarks.load.Child;
import io.redmesh.benchmarks.load.CpuTime;
import io.redmesh.benchmarks.load.RedisBinary;

import org.springframework.util.FileSystemUtils;

/** The registry server under test and its Redis, which can be killed and restarted. */
final class Subject implements AutoCloseable {

	private final Path jar;

	private final Path directory;

	private final RedisBinary binary;

	private final int redisPort = Child.freePort();

	private final URI url = URI.create("http://127.0.0.1:" + Child.freePort());

	private final HttpClient client = HttpClient.newHttpClient();

	private int starts;

	private Child redis;

	private Child server;

	private Subject(Path jar, Path directory, RedisBinary binary) throws Exception {
		this.directory = directory;
		this.jar = prepare(jar, directory.resolve("scale-server"));
		this.binary = binary;
		this.redis = startRedis();
		this.server = startServer();
	}

	static Subject start(Path jar, Path directory, RedisBinary binary) throws Exception {
		Subject subject = new Subject(jar, directory, binary);
		subject.server.awaitReady(subject.url.resolve("/actuator/health/readiness"));
		System.err.printf("server %d, Redis %d%n", subject.server.handle().pid(), subject.redis.handle().pid());
		return subject;
	}

	private Child startRedis() throws IOException {
		return this.binary.start(this.directory.resolve("scale-redis.log"), this.redisPort);
	}

	/**
	 * Extracts the jar and archives its classes, as docs/operations/sizing.md recommends
	 * for a fast start.
	 */
	private static Path prepare(Path jar, Path unpacked) throws Exception {
		Path log = unpacked.resolveSibling("scale-prepare.log");
		FileSystemUtils.deleteRecursively(unpacked);
		Child.java(log, "-Djarmode=tools", "-jar", jar.toString(), "extract", "--destination", unpacked.toString())
			.awaitEnd();
		Path extracted = unpacked.resolve(jar.getFileName());
		Child
			.java(log, "-XX:ArchiveClassesAtExit=" + archive(extracted), "-Dspring.context.exit=onRefresh", "-jar",
					extracted.toString())
			.awaitEnd();
		return extracted;
	}

	private static Path archive(Path jar) {
		return jar.resolveSibling("app.jsa");
	}

	private Child startServer() throws IOException {
		return Child.java(this.directory.resolve("scale-server-" + this.starts++ + ".log"),
				"-XX:SharedArchiveFile=" + archive(this.jar), "-XX:TieredStopAtLevel=1", "-jar", this.jar.toString(),
				"--server.address=127.0.0.1", "--server.port=" + this.url.getPort(),
				"--spring.data.redis.url=redis://127.0.0.1:" + this.redisPort);
	}

	URI url() {
		return this.url;
	}

	/** Kills server and Redis, and starts both again without data. */
	void loseEverything() throws Exception {
		this.server.kill();
		this.redis.kill();
		this.redis = startRedis();
		this.server = startServer();
	}

	/** Kills the server. */
	void kill() throws Exception {
		this.server.kill();
	}

	/** Starts the server again. */
	void startAgain() throws Exception {
		this.server = startServer();
	}

	/** Returns the processor seconds of the server, of Redis and of this process. */
	double[] cpu() throws IOException {
		return CpuTime.of(List.of(this.server.handle(), this.redis.handle(), ProcessHandle.current()));
	}

	/** Returns a metric of the server, or zero if it has none of that name. */
	double metric(String name) throws Exception {
		String body = get("/actuator/metrics/" + name);
		Matcher value = Pattern.compile("\"value\":([0-9.E]+)").matcher(body);
		return value.find() ? Double.parseDouble(value.group(1)) : 0;
	}

	String get(String path) throws Exception {
		return this.client
			.send(HttpRequest.newBuilder(this.url.resolve(path)).build(), HttpResponse.BodyHandlers.ofString())
			.body();
	}

	/** Returns the memory in use after a full garbage collection. */
	Footprint footprint() throws Exception {
		// From the histogram, because the used heap contains what requests have left
		// since the collection.
		long heap = find("Total\\s+\\d+\\s+(\\d+)", jcmd("GC.class_histogram"));
		long resident = find("VmRSS:\\s+(\\d+) kB",
				Files.readString(Path.of("/proc", Long.toString(this.server.handle().pid()), "status")));
		return new Footprint(heap, resident * 1024, find("used_memory:(\\d+)", redisMemory()));
	}

	private String jcmd(String command) throws Exception {
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
				Long.toString(this.server.handle().pid()), command)
			.redirectErrorStream(true)
			.start();
		return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
	}

	private String redisMemory() throws IOException {
		try (Socket socket = new Socket("127.0.0.1", this.redisPort)) {
			socket.getOutputStream().write("INFO memory\r\nQUIT\r\n".getBytes(StandardCharsets.US_ASCII));
			return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
		}
	}

	private static long find(String pattern, String text) {
		Matcher matcher = Pattern.compile(pattern).matcher(text);
		if (!matcher.find()) {
			throw new IllegalStateException("No " + pattern + " in " + text);
		}
		return Long.parseLong(matcher.group(1));
	}

	@Override
	public void close() throws Exception {
		this.server.close();
		this.redis.close();
	}

	/**
	 * The memory in use, in bytes.
	 *
	 * @param heap the live objects on the server's heap
	 * @param resident the resident memory of the server's process
	 * @param redis the memory that Redis uses
	 */
	record Footprint(long heap, long resident, long redis) {

	}

}
