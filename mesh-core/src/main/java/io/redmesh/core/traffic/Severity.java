package io.redmesh.core.traffic;

/** The severity of a {@link Finding}. */
public enum Severity {

	/** The rule cannot be executed, and is refused. */
	ERROR,

	/** The rule is executed, but possibly not as its author expects. */
	WARNING,

	/** A fact that the author of the rule may want to know. */
	INFO

}
