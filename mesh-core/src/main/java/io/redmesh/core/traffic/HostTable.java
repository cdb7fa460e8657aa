package io.redmesh.core.traffic;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * Values by host: exact hosts, and wildcards of which the longest counts. Immutable.
 *
 * @param <T> the type of the values
 */
final class HostTable<T> {

	private static final Comparator<String> LONGEST_FIRST = Comparator.comparingInt(String::length)
		.reversed()
		.thenComparing(Comparator.naturalOrder());

	private final Map<String, T> exact = new HashMap<>();

	private final List<String> wildcards = new ArrayList<>();

	private final List<T> wildcardValues = new ArrayList<>();

	private final List<T> all = new ArrayList<>();

	HostTable(Map<String, T> values) {
		Map<String, T> wild = new TreeMap<>(LONGEST_FIRST);
		new TreeMap<>(values).forEach((host, value) -> {
			if (HostName.isWildcard(host)) {
				wild.put(host, value);
			}
			else {
				this.exact.put(host, value);
				this.all.add(value);
			}
		});
		wild.forEach((host, value) -> {
			this.wildcards.add(host);
			this.wildcardValues.add(value);
			this.all.add(value);
		});
	}

	@Nullable T find(String host) {
		T exact = this.exact.get(host);
		if (exact != null) {
			return exact;
		}
		// An iterator would be garbage.
		for (int i = 0; i < this.wildcards.size(); i++) {
			if (HostName.matches(this.wildcards.get(i), host)) {
				return this.wildcardValues.get(i);
			}
		}
		return null;
	}

	Collection<T> all() {
		return List.copyOf(this.all);
	}

}
