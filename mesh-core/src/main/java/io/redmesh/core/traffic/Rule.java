package io.redmesh.core.traffic;

/**
 * A traffic rule. Immutable, and complete: defaults are filled in, and no host, duration
 * or expression is left to be parsed.
 */
public sealed interface Rule permits VirtualService, DestinationRule {

	/**
	 * Returns the key.
	 * @return kind and name
	 */
	RuleKey key();

}
