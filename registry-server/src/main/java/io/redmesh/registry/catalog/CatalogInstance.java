package io.redmesh.registry.catalog;

import io.redmesh.core.instance.Instance;
import io.redmesh.registry.store.StoredInstance;

/**
 * An instance in the catalog, with its JSON, which is encoded once.
 *
 * @param stored the instance as the store holds it
 * @param instance the instance as callers see it, with its override applied
 * @param json {@code instance} in JSON
 * @param generation the catalog's generation in which the store last sent the instance
 */
@SuppressWarnings("ArrayRecordComponent")
public record CatalogInstance(StoredInstance stored, Instance instance, byte[] json, long generation) {

	/**
	 * Encodes what the instance itself registered, and its override apart.
	 * @return JSON, encoded anew by each call
	 */
	public byte[] ownJson() {
		return InstanceWriter.writeOwn(this.stored);
	}

	static CatalogInstance of(StoredInstance stored, long generation) {
		return new CatalogInstance(stored, stored.effective(), InstanceWriter.write(stored), generation);
	}

}
