package io.redmesh.registry.rest;

import java.time.Duration;

import io.redmesh.core.instance.Instance;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Limits of the size and the duration of requests.
 *
 * @param maxBody Maximum size of the body of a request about one instance. The minimum is
 * 256KB, so that every permitted instance fits.
 * @param maxBatchBody Maximum size of the body of a request about many instances.
 * @param maxImportBody Maximum size of a backup that is imported.
 * @param idleTimeout Time after which a connection without requests is closed.
 * @param readTimeout Maximum pause between two parts of a request, and maximum time until
 * its head has arrived.
 * @param requestTimeout Maximum time until a whole request has arrived.
 */
@ConfigurationProperties("mesh.server.rest")
public record RestProperties(@DefaultValue("256KB") DataSize maxBody, @DefaultValue("1MB") DataSize maxBatchBody,
		@DefaultValue("128MB") DataSize maxImportBody, @DefaultValue("5m") Duration idleTimeout,
		@DefaultValue("20s") Duration readTimeout, @DefaultValue("10m") Duration requestTimeout) {

	public RestProperties {
		// An instance that apps may describe must never be refused for its size.
		requireAtLeast("max-body", maxBody, DataSize.ofBytes(Instance.MAX_JSON_BYTES));
		requireAtLeast("max-batch-body", maxBatchBody, DataSize.ofBytes(1));
		requireAtLeast("max-import-body", maxImportBody, DataSize.ofBytes(1));
		requirePositive("idle-timeout", idleTimeout);
		requirePositive("read-timeout", readTimeout);
		requirePositive("request-timeout", requestTimeout);
	}

	private static void requirePositive(String name, Duration duration) {
		if (duration.isNegative() || duration.isZero()) {
			throw new IllegalArgumentException(
					"mesh.server.rest.%s: %s (expected: above 0s)".formatted(name, duration));
		}
	}

	private static void requireAtLeast(String name, DataSize size, DataSize least) {
		if (size.compareTo(least) < 0 || size.toBytes() > Integer.MAX_VALUE) {
			throw new IllegalArgumentException(
					"mesh.server.rest.%s: %s (expected: %s to 2GB)".formatted(name, size, least));
		}
	}

}
