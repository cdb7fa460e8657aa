package io.redmesh.autoconfigure.registration;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import io.redmesh.core.instance.InvalidValueException;
import io.redmesh.core.instance.Names;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Labels or metadata that the mesh finds by itself, beside those that the app has
 * configured. An entry that exceeds a limit is left out with a warning: it must not keep
 * the instance from registering. For use by one thread.
 */
final class FoundEntries {

	private static final Logger logger = LoggerFactory.getLogger(FoundEntries.class);

	private final String field;

	private final int maxValue;

	private final Set<String> leftOut = new HashSet<>();

	FoundEntries(String field, int maxValue) {
		this.field = field;
		this.maxValue = maxValue;
	}

	/**
	 * Adds found entries to configured ones, which win.
	 * @param configured permitted entries
	 * @param found further entries
	 * @return permitted entries
	 */
	Map<String, String> addTo(Map<String, String> configured, Map<String, String> found) {
		Map<String, String> all = new LinkedHashMap<>(configured);
		found.forEach((key, value) -> {
			if (!all.containsKey(key)) {
				Map<String, String> more = new LinkedHashMap<>(all);
				more.put(key, value);
				if (isPermitted(key, more)) {
					all.put(key, value);
				}
			}
		});
		return all;
	}

	private boolean isPermitted(String key, Map<String, String> entries) {
		try {
			Names.requireEntries(this.field, entries, this.maxValue);
			return true;
		}
		catch (InvalidValueException ex) {
			if (this.leftOut.add(key)) {
				logger.warn("This instance registers without {} in its {}: {}", key, this.field, ex.getMessage());
			}
			return false;
		}
	}

}
