package io.redmesh.core.endpoint;

import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import io.redmesh.core.instance.Instance;
import org.jspecify.annotations.Nullable;

/**
 * A subset of a service's instances: those that have certain labels. Its endpoints, and
 * the beliefs about them, are those of the service. Candidates, panic, tiers, and the
 * share of endpoints that may be ejected are its own, as if there were no others.
 * <p>
 * Immutable. Calls find the view of their subset by this object, so it computes its hash
 * once.
 */
public final class EndpointSubset {

	private final String name;

	private final Map<String, String> labels;

	private final boolean defined;

	private final @Nullable EjectionPolicy ejection;

	private final int hash;

	/**
	 * Creates a subset whose ejection policy is that of the service.
	 * @param name the name by which rules refer to it; empty for none
	 * @param labels the labels that an instance must have, with these values
	 */
	public EndpointSubset(String name, Map<String, String> labels) {
		this(name, labels, null);
	}

	/**
	 * Creates a subset.
	 * @param name the name by which rules refer to it; empty for none
	 * @param labels the labels that an instance must have, with these values
	 * @param ejection the ejection policy; null for that of the service
	 */
	public EndpointSubset(String name, Map<String, String> labels, @Nullable EjectionPolicy ejection) {
		this(name, labels, true, ejection);
	}

	private EndpointSubset(String name, Map<String, String> labels, boolean defined,
			@Nullable EjectionPolicy ejection) {
		this.name = name;
		this.labels = Map.copyOf(labels);
		this.defined = defined;
		this.ejection = ejection;
		this.hash = Objects.hash(name, this.labels, defined, ejection);
	}

	/**
	 * Creates a subset that a rule names and none defines. No instance is in it.
	 * @param name the name
	 * @return the subset
	 */
	public static EndpointSubset undefined(String name) {
		return new EndpointSubset(name, Map.of(), false, null);
	}

	/**
	 * Returns the name by which rules refer to the subset.
	 * @return the name, or an empty text
	 */
	public String name() {
		return this.name;
	}

	/**
	 * Returns the labels that an instance must have.
	 * @return an immutable map
	 */
	public Map<String, String> labels() {
		return this.labels;
	}

	/**
	 * Returns the ejection policy of the subset. Its slow start does not count: that is a
	 * belief about an endpoint, which subsets share.
	 * @return the policy, or null for that of the service
	 */
	public @Nullable EjectionPolicy ejection() {
		return this.ejection;
	}

	/**
	 * Returns whether an instance is in the subset.
	 * @param instance the instance
	 * @return whether it has all labels, with their values
	 */
	boolean contains(Instance instance) {
		return this.defined && instance.labels().entrySet().containsAll(this.labels.entrySet());
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return this == other || (other instanceof EndpointSubset that && this.hash == that.hash
				&& this.name.equals(that.name) && this.labels.equals(that.labels) && this.defined == that.defined
				&& Objects.equals(this.ejection, that.ejection));
	}

	@Override
	public int hashCode() {
		return this.hash;
	}

	/**
	 * Returns the subset as a verb phrase about the instance, as in "is in subset 'v2'
	 * {version=v2}" or "has the labels {version=v2}".
	 */
	@Override
	public String toString() {
		if (!this.defined) {
			return "is in subset '" + this.name + "', which no DestinationRule defines";
		}
		return (this.name.isEmpty() ? "has the labels " : "is in subset '" + this.name + "' ")
				+ new TreeMap<>(this.labels);
	}

}
