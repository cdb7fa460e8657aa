package io.redmesh.registry.rest;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How large requests may be.
 *
 * @param maxBody The largest body of a request about one instance.
 * @param maxBatchBody The largest body of a request about many instances.
 * @param maxImportBody The largest backup that is read.
 */
@ConfigurationProperties("mesh.server.rest")
public record RestProperties(@DefaultValue("64KB") DataSize maxBody, @DefaultValue("1MB") DataSize maxBatchBody,
		@DefaultValue("128MB") DataSize maxImportBody) {

	public RestProperties {
		requirePositive("max-body", maxBody);
		requirePositive("max-batch-body", maxBatchBody);
		requirePositive("max-import-body", maxImportBody);
	}

	private static void requirePositive(String name, DataSize size) {
		if (size.toBytes() < 1 || size.toBytes() > Integer.MAX_VALUE) {
			throw new IllegalArgumentException("mesh.server.rest.%s: %s (expected: 1B to 2GB)".formatted(name, size));
		}
	}

}
