package io.redmesh.benchmarks.scale;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.redmesh.benchmarks.load.CpuTime;
import io.redmesh.benchmarks.load.JvmArguments;
import io.redmesh.chaos.process.JavaProcess;
import io.redmesh.chaos.process.RedisProcess;
import io.redmesh.chaos.process.RegistryProcess;

import org.springframework.util.FileSystemUtils;

/** The registry server under test and its Redis, which can be killed and restarted. */
final class Subject implements AutoCloseable {

	private static final Duration PREPARATION_LIMIT = Duration.ofMinutes(1);

	private final HttpClient client = HttpClient.newHttpClient();

	private final RedisProcess redis;

	private final RegistryProcess server;

	private Subject(Path jar, Path directory) {
		this.redis = RedisProcess.inMemory(directory.resolve("scale-redis"));
		Path extracted = prepare(jar.toAbsolutePath(), directory);
		this.server = RegistryProcess.ofJar(directory, "scale-server",
				JvmArguments.of("-XX:SharedArchiveFile=" + archive(extracted), "-XX:TieredStopAtLevel=1"), extracted,
				this.redis.properties());
	}

	static Subject start(Path jar, Path directory) {
		Subject subject = new Subject(jar, directory);
		subject.redis.start();
		subject.server.start();
		subject.server.awaitReady();
		System.err.printf("server %d, Redis %d%n", subject.server.handle().pid(), subject.redis.handle().pid());
		return subject;
	}

	/**
	 * Extracts the jar and archives its classes, as docs/operations/sizing.md recommends
	 * for a fast start.
	 */
	private static Path prepare(Path jar, Path directory) {
		Path unpacked = directory.resolve("scale-server");
		FileSystemUtils.deleteRecursively(unpacked.toFile());
		Path extracted = unpacked.resolve(jar.getFileName());
		run(directory, "-Djarmode=tools", "-jar", jar.toString(), "extract", "--destination", unpacked.toString());
		run(directory, "-XX:ArchiveClassesAtExit=" + archive(extracted), "-Dspring.context.exit=onRefresh", "-jar",
				extracted.toString());
		return extracted;
	}

	private static void run(Path directory, String... arguments) {
		JavaProcess process = new JavaProcess(directory, "scale-prepare", JvmArguments.of(arguments));
		process.start();
		process.awaitEnd(PREPARATION_LIMIT);
	}

	private static Path archive(Path jar) {
		return jar.resolveSibling("app.jsa");
	}

	URI url() {
		return this.server.url();
	}

	/** Kills server and Redis, and starts both again without data. */
	void loseEverything() {
		this.server.kill();
		this.redis.kill();
		this.redis.start();
		this.server.start();
	}

	/** Kills the server. */
	void kill() {
		this.server.kill();
	}

	/** Starts the server again. */
	void startAgain() {
		this.server.start();
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
			.send(HttpRequest.newBuilder(url().resolve(path)).build(), HttpResponse.BodyHandlers.ofString())
			.body();
	}

	/** Returns the memory in use after a full garbage collection. */
	Footprint footprint() throws Exception {
		// From the histogram, because the used heap contains what requests have left
		// since the collection.
		long heap = find("Total\\s+\\d+\\s+(\\d+)", jcmd("GC.class_histogram"));
		long resident = find("VmRSS:\\s+(\\d+) kB",
				Files.readString(Path.of("/proc", Long.toString(this.server.handle().pid()), "status")));
		return new Footprint(heap, resident * 1024,
				find("used_memory:(\\d+)", String.valueOf(this.redis.call("INFO", "memory"))));
	}

	private String jcmd(String command) throws Exception {
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
				Long.toString(this.server.handle().pid()), command)
			.redirectErrorStream(true)
			.start();
		return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
	}

	private static long find(String pattern, String text) {
		Matcher matcher = Pattern.compile(pattern).matcher(text);
		if (!matcher.find()) {
			throw new IllegalStateException("No " + pattern + " in " + text);
		}
		return Long.parseLong(matcher.group(1));
	}

	@Override
	public void close() {
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
