package io.redmesh.autoconfigure.call;

import java.net.URI;
import java.util.Map;

import io.redmesh.core.call.Destination;
import io.redmesh.core.traffic.HashKey.SourceIp;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;

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

	/**
	 * Finds the hash key of a request. A rule for its destination comes before what the
	 * app has configured.
	 * @param destination the destination
	 * @param uri the URI of the request
	 * @param method the method of the request
	 * @param headers the headers of the request
	 * @param served the request that this app serves with the call, or null
	 * @return the key, or null if the request has none
	 */
	@Nullable String find(Destination destination, URI uri, HttpMethod method, HttpHeaders headers,
			@Nullable ServedRequest served) {
		io.redmesh.core.traffic.HashKey rule = destination.hashKey();
		if (rule == null) {
			HashKey place = of(destination.service());
			return (place != null) ? place.find(uri, headers, served) : null;
		}
		// The address of this app itself would be the same key for all of its calls.
		if (rule instanceof SourceIp) {
			return (served != null) ? served.source() : null;
		}
		return rule.read(new HttpFacts(uri, method, headers));
	}

	@Nullable HashKey of(String service) {
		HashKey key = this.own.get(service);
		return (key != null) ? key : this.all;
	}

}
