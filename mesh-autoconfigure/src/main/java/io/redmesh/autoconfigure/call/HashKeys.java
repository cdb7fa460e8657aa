package io.redmesh.autoconfigure.call;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The places of the hash keys in requests.
 *
 * @param all the place for services that have none of their own; null for none
 * @param own the places for single services, by their names
 */
record HashKeys(@Nullable HashKey all, Map<String, HashKey> own) {

	static final HashKeys NONE = new HashKeys(null, Map.of());

	HashKeys {
		own = Map.copyOf(own);
	}

	@Nullable HashKey of(String service) {
		HashKey key = this.own.get(service);
		return (key != null) ? key : this.all;
	}

}
