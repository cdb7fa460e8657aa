package io.redmesh.demo.launcher;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Asks an address until it answers. */
final class Probe {

	/** Of HTTP/1.1, or each request would ask for an upgrade that nobody grants. */
	static final HttpClient CLIENT = HttpClient.newBuilder()
		.version(Version.HTTP_1_1)
		.connectTimeout(Duration.ofSeconds(10))
		.build();

	private Probe() {
	}

	/**
	 * Waits until something answers HTTP there, whatever it says.
	 * @return the moment it did, in nanoseconds of {@link System#nanoTime()}
	 */
	static long awaitAnswer(URI uri, Duration timeout) throws IOException, InterruptedException {
		long deadline = System.nanoTime() + timeout.toNanos();
		while (true) {
			try {
				get(uri);
				return System.nanoTime();
			}
			catch (IOException ex) {
				if (System.nanoTime() - deadline > 0) {
					throw new IOException("%s does not answer within %s".formatted(uri, timeout), ex);
				}
			}
			Thread.sleep(50);
		}
	}

	static HttpResponse<String> get(URI uri) throws IOException, InterruptedException {
		return CLIENT.send(HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).build(),
				BodyHandlers.ofString());
	}

}
