package io.redmesh.core.traffic;

/** The headers of a request or response of any HTTP client. */
public interface MutableHeaders {

	/**
	 * Removes all values of a header.
	 * @param name the name, in any case
	 */
	void remove(String name);

	/**
	 * Replaces all values of a header.
	 * @param name the name, in any case
	 * @param value the only value
	 */
	void set(String name, String value);

	/**
	 * Adds a value to those of a header.
	 * @param name the name, in any case
	 * @param value the further value
	 */
	void add(String name, String value);

}
