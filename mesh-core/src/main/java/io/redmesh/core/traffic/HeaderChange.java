package io.redmesh.core.traffic;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A change of headers. As in Envoy, headers are removed first, then set, then added.
 *
 * @param remove the names of headers to remove
 * @param set the headers to set, whatever their values were
 * @param add the headers to add a value to
 */
public record HeaderChange(List<String> remove, Map<String, String> set, Map<String, String> add) {

	/** No change. */
	public static final HeaderChange NONE = new HeaderChange(List.of(), Map.of(), Map.of());

	public HeaderChange {
		remove = List.copyOf(remove);
		set = Collections.unmodifiableMap(new LinkedHashMap<>(set));
		add = Collections.unmodifiableMap(new LinkedHashMap<>(add));
	}

	/**
	 * Returns whether this changes nothing.
	 * @return whether it is empty
	 */
	public boolean isEmpty() {
		return this.remove.isEmpty() && this.set.isEmpty() && this.add.isEmpty();
	}

	/**
	 * Changes headers.
	 * @param headers the headers
	 */
	public void apply(MutableHeaders headers) {
		this.remove.forEach(headers::remove);
		this.set.forEach(headers::set);
		this.add.forEach(headers::add);
	}

}
