package io.redmesh.core.instance;

import java.util.Map;

/**
 * A running copy of a service as it described itself. Immutable; two instances are equal
 * when all their components are equal.
 *
 * @param service the service it is a copy of, see {@link Names#requireService}
 * @param id unique within the service, see {@link Names#requireId}
 * @param host what callers connect to: DNS name or IP address, IPv6 without brackets
 * @param port 0 to 65535; 0 means that it registers but cannot be called
 * @param secure whether callers must use TLS
 * @param weight its share of the calls relative to its peers, 0 to 10000; 100 is usual
 * @param locality the region, zone and sub-zone that it runs in
 * @param labels entries that rules and callers select by, at most 32 of up to 128 bytes
 * @param metadata entries for readers of the registry, at most 32 of up to 1024 bytes
 * @param status whether it wants calls
 * @param fence the number of its incarnation: given by the registry, grows with each
 * registration under the same id; 0 before the first
 * @param suspect whether the registry believes that it may be dead, so that callers
 * prefer other instances
 */
public record Instance(String service, String id, String host, int port, boolean secure, int weight, Locality locality,
		Map<String, String> labels, Map<String, String> metadata, Status status, long fence, boolean suspect) {

	/** The weight of an instance that names none. */
	public static final int DEFAULT_WEIGHT = 100;

	/**
	 * An upper bound of the bytes that an instance takes as JSON. A writer may escape
	 * every character, so that one byte takes six. A registry that accepts bodies of this
	 * size accepts every instance that passes the checks of this type.
	 */
	public static final int MAX_JSON_BYTES = 256 * 1024;

	/** The largest permitted weight. */
	public static final int MAX_WEIGHT = 10_000;

	public Instance {
		Names.requireService(service);
		Names.requireId(id);
		Names.requireHost(host);
		requireRange("port", port, 0, 65_535);
		requireRange("weight", weight, 0, MAX_WEIGHT);
		Names.requireEntries("labels", labels, Names.MAX_LABEL);
		Names.requireEntries("metadata", metadata, Names.MAX_METADATA);
		labels = Map.copyOf(labels);
		metadata = Map.copyOf(metadata);
	}

	/**
	 * Creates an instance that is not suspect.
	 * @param service its service
	 * @param id its id
	 * @param host its host
	 * @param port its port
	 * @param secure whether callers must use TLS
	 * @param weight its weight
	 * @param locality its locality
	 * @param labels its labels
	 * @param metadata its metadata
	 * @param status whether it wants calls
	 * @param fence the number of its incarnation
	 */
	public Instance(String service, String id, String host, int port, boolean secure, int weight, Locality locality,
			Map<String, String> labels, Map<String, String> metadata, Status status, long fence) {
		this(service, id, host, port, secure, weight, locality, labels, metadata, status, fence, false);
	}

	/**
	 * Checks the range of a number.
	 * @param field the field's name on the wire
	 * @param value the number
	 * @param min the smallest permitted number
	 * @param max the largest permitted number
	 * @throws InvalidValueException if the number is out of range
	 */
	public static void requireRange(String field, long value, long min, long max) {
		if (value < min || value > max) {
			throw new InvalidValueException(field, value, min + " to " + max);
		}
	}

	/**
	 * Returns an instance with default values; the {@code with} methods refine it.
	 * @param service its service
	 * @param id its id
	 * @param host its host
	 * @param port its port
	 * @return an {@link Status#UP} instance of weight {@value #DEFAULT_WEIGHT}
	 */
	public static Instance of(String service, String id, String host, int port) {
		return new Instance(service, id, host, port, false, DEFAULT_WEIGHT, Locality.UNKNOWN, Map.of(), Map.of(),
				Status.UP, 0);
	}

	/**
	 * Returns a copy with another status.
	 * @param status the status
	 * @return the copy
	 */
	public Instance withStatus(Status status) {
		return new Instance(this.service, this.id, this.host, this.port, this.secure, this.weight, this.locality,
				this.labels, this.metadata, status, this.fence, this.suspect);
	}

	/**
	 * Returns a copy with another weight.
	 * @param weight the weight
	 * @return the copy
	 */
	public Instance withWeight(int weight) {
		return new Instance(this.service, this.id, this.host, this.port, this.secure, weight, this.locality,
				this.labels, this.metadata, this.status, this.fence, this.suspect);
	}

	/**
	 * Returns a copy with other labels.
	 * @param labels the labels
	 * @return the copy
	 */
	public Instance withLabels(Map<String, String> labels) {
		return new Instance(this.service, this.id, this.host, this.port, this.secure, this.weight, this.locality,
				labels, this.metadata, this.status, this.fence, this.suspect);
	}

	/**
	 * Returns a copy with another fence.
	 * @param fence the number of the incarnation
	 * @return the copy
	 */
	public Instance withFence(long fence) {
		return new Instance(this.service, this.id, this.host, this.port, this.secure, this.weight, this.locality,
				this.labels, this.metadata, this.status, fence, this.suspect);
	}

	/**
	 * Returns a copy that is suspect, or is not.
	 * @param suspect whether the registry believes that the instance may be dead
	 * @return the copy
	 */
	public Instance withSuspect(boolean suspect) {
		return new Instance(this.service, this.id, this.host, this.port, this.secure, this.weight, this.locality,
				this.labels, this.metadata, this.status, this.fence, suspect);
	}

	/**
	 * Returns host and port as they are written in a URI, an IPv6 address in brackets.
	 * @return for example {@code 10.0.0.7:8080}
	 */
	public String authority() {
		return ((this.host.indexOf(':') >= 0) ? "[" + this.host + "]" : this.host) + ":" + this.port;
	}

}
