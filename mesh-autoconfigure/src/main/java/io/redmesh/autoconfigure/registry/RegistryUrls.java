package io.redmesh.autoconfigure.registry;

import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/**
 * The servers of the registry, one of which is in use until it fails. The first is chosen
 * at random, so that many apps spread over all servers.
 * <p>
 * Safe for use by many threads.
 */
final class RegistryUrls {

	private final List<URI> urls;

	private final AtomicInteger index;

	RegistryUrls(List<URI> urls, RandomGenerator random) {
		this.urls = List.copyOf(urls);
		this.index = new AtomicInteger(random.nextInt(urls.size()));
	}

	URI current() {
		return this.urls.get(this.index.get());
	}

	int size() {
		return this.urls.size();
	}

	/** Switches to the next server, unless another thread has done so already. */
	void failed(URI url) {
		int failed = this.urls.indexOf(url);
		this.index.compareAndSet(failed, (failed + 1) % this.urls.size());
	}

	@Override
	public String toString() {
		return this.urls.toString();
	}

}
