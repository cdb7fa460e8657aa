package io.redmesh.registry.rest;

/** A refusal on its way to the caller. Has no stack trace: it is an answer, no fault. */
@SuppressWarnings("serial")
public final class ProblemException extends RuntimeException {

	private final Problem problem;

	ProblemException(Problem problem) {
		super(problem.detail(), null, false, false);
		this.problem = problem;
	}

	/**
	 * Returns the refusal.
	 * @return the problem
	 */
	public Problem problem() {
		return this.problem;
	}

}
