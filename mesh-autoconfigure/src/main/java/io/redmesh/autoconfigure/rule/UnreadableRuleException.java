package io.redmesh.autoconfigure.rule;

/**
 * The exception for a document that is no rule, or none that this version can execute.
 */
@SuppressWarnings("serial")
final class UnreadableRuleException extends Exception {

	UnreadableRuleException(String message) {
		super(message);
	}

}
