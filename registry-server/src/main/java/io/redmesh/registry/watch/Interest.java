package io.redmesh.registry.watch;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The interest of a watch: the services and rules that it follows.
 *
 * @param services the watched services, empty for all
 * @param rules whether it also watches the traffic rules
 */
record Interest(SortedSet<String> services, boolean rules) {

	Interest {
		services = Collections.unmodifiableSortedSet(new TreeSet<>(services));
	}

	/**
	 * Returns a mark that differs between interests, so that no watch resumes after a
	 * narrower one.
	 */
	String mark() {
		String mark = this.services.isEmpty() ? "all" : Integer.toHexString(this.services.toString().hashCode());
		return this.rules ? mark + "+rules" : mark;
	}

}
