package io.redmesh.core.traffic;

/**
 * The place in a rule that a route comes from.
 *
 * @param rule the rule
 * @param name the name of the route; with the name of its match after a dot, as in Istio;
 * empty if neither has one
 * @param index the index in {@code spec.http}
 * @param match the index in the route's {@code match}, or -1 if it has none
 */
public record RouteOrigin(RuleKey rule, String name, int index, int match) {

	/**
	 * Returns the path within the document.
	 * @return for example {@code spec.http[0].match[1]}
	 */
	public String path() {
		String route = "spec.http[" + this.index + "]";
		return (this.match < 0) ? route : route + ".match[" + this.match + "]";
	}

	@Override
	public String toString() {
		return this.rule + " " + path() + (this.name.isEmpty() ? "" : " (" + this.name + ")");
	}

}
