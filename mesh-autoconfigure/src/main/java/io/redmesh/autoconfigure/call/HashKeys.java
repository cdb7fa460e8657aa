package io.redmesh.autoconfigure.call;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Where requests say which calls they belong together with.
 *
 * @param all for services that have no key of their own; null for none
 * @param own for some services, by their names
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
