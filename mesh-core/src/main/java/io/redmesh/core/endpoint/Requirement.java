package io.redmesh.core.endpoint;

import io.redmesh.core.instance.Instance;
import org.jspecify.annotations.Nullable;

/**
 * The requirement of a call for the instance of each of its attempts.
 *
 * @param secure whether the instance must serve https
 * @param port the port that the instance must have registered, 0 for any
 * @param subset the subset that the instance must be in, or null for any
 */
public record Requirement(boolean secure, int port, @Nullable EndpointSubset subset) {

	/** The requirement of https on any port. */
	public static final Requirement SECURE = new Requirement(true, 0);

	/**
	 * Creates a requirement that instances of any subset can meet.
	 * @param secure whether the instance must serve https
	 * @param port the port that the instance must have registered, 0 for any
	 */
	public Requirement(boolean secure, int port) {
		this(secure, port, null);
	}

	/**
	 * Returns the requirement of a subset alone.
	 * @param subset the subset, or null for any
	 * @return the requirement, or null for none
	 */
	public static @Nullable Requirement of(@Nullable EndpointSubset subset) {
		return (subset != null) ? new Requirement(false, 0, subset) : null;
	}

	/**
	 * Returns a copy for the instances of a subset.
	 * @param subset the subset
	 * @return the copy
	 */
	public Requirement within(EndpointSubset subset) {
		return new Requirement(this.secure, this.port, subset);
	}

	/** Returns whether every instance of the subset meets the requirement. */
	boolean isOfSubsetOnly() {
		return !this.secure && this.port == 0;
	}

	/**
	 * Returns whether an instance meets this requirement.
	 * @param instance the instance
	 * @return whether the call may go there
	 */
	public boolean isMetBy(Instance instance) {
		return (!this.secure || instance.secure()) && (this.port == 0 || instance.port() == this.port)
				&& (this.subset == null || this.subset.contains(instance));
	}

	/**
	 * Returns the requirement as a verb phrase about the instance, as in "serves https"
	 * or "serves on port 8080 and is in subset 'v2' {version=v2}".
	 */
	@Override
	public String toString() {
		String serves = (this.secure ? "serves https" : "serves") + ((this.port != 0) ? " on port " + this.port : "");
		if (this.subset == null) {
			return serves;
		}
		return isOfSubsetOnly() ? this.subset.toString() : serves + " and " + this.subset;
	}

}
