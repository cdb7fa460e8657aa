package io.redmesh.core.traffic;

/** The treatment of documents that Istio understands differently from their authors. */
public enum Compatibility {

	/**
	 * The document is taken as its author most likely meant it. A misplaced weight
	 * counts, and a rule for a gateway that does not exist serves the apps of the mesh. A
	 * field that is unknown or not supported is an error.
	 */
	FRIENDLY,

	/**
	 * As {@link #FRIENDLY}, but a field that is unknown or not supported is a warning,
	 * and has no effect.
	 */
	LENIENT,

	/** The document is taken as Istio takes it. */
	STRICT

}
