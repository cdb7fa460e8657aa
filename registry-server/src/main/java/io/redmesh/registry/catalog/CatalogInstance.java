package io.redmesh.registry.catalog;

import io.redmesh.core.instance.Instance;
import io.redmesh.registry.store.StoredInstance;

/**
 * An instance in the catalog, with its JSON, which is made once.
 *
 * @param stored as the store holds it
 * @param instance as callers shall see it
 * @param json the same, encoded
 * @param generation the generation of the catalog in which the store last spoke of it
 */
@SuppressWarnings("ArrayRecordComponent")
public record CatalogInstance(StoredInstance stored, Instance instance, byte[] json, long generation) {

	/**
	 * Encodes what the instance itself says, and apart from it what an operator says.
	 * @return JSON, made anew
	 */
	public byte[] ownJson() {
		return InstanceWriter.writeOwn(this.stored);
	}

	static CatalogInstance of(StoredInstance stored, long generation) {
		return new CatalogInstance(stored, stored.effective(), InstanceWriter.write(stored), generation);
	}

}
