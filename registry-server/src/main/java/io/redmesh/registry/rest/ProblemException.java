package io.redmesh.registry.rest;

/**
 * A refusal on its way to the caller. It has no stack trace: it is a response, and not a
 * fault of the server.
 */
@SuppressWarnings("serial")
public final class ProblemException extends RuntimeException {

	private final Problem problem;

	ProblemException(Problem problem) {
		super(problem.detail(), null, false, false);
		this.problem = problem;
	}

	/**
	 * Returns the refusal.
	 * @return the problem that the caller receives
	 */
	public Problem problem() {
		return this.problem;
	}

}
