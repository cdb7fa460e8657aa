package io.redmesh.demo.launcher;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** An HTTP client that can wait until an address responds. */
final class Probe {

	/**
	 * A client of HTTP/1.1; otherwise each request would ask for an upgrade that no
	 * server grants.
	 */
	static final HttpClient CLIENT = HttpClient.newBuilder()
		.version(Version.HTTP_1_1)
		.connectTimeout(Duration.ofSeconds(10))
		.build();

	private Probe() {
	}

	/**
	 * Waits until an HTTP server responds there, with whatever status.
	 * @return the moment of that, in nanoseconds of {@link System#nanoTime()}
	 */
	static long awaitResponse(URI uri, Duration timeout) throws IOException, InterruptedException {
		long deadline = System.nanoTime() + timeout.toNanos();
		while (true) {
			try {
				get(uri);
				return System.nanoTime();
			}
			catch (IOException ex) {
				if (System.nanoTime() - deadline > 0) {
					throw new IOException("%s does not respond within %s".formatted(uri, timeout), ex);
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
