package io.redmesh.core.instance;

/** Whether an instance wants calls. All but the last are the instance's own word. */
public enum Status {

	/** Registered, not ready for calls yet. */
	STARTING,

	/** Ready for calls. */
	UP,

	/** About to leave: finishes what it has, wants nothing new. */
	DRAINING,

	/** Knows that it cannot serve. */
	DOWN,

	/** Taken out by an operator's override. */
	OUT_OF_SERVICE

}
