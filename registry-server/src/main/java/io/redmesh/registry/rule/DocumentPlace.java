package io.redmesh.registry.rule;

import java.util.ArrayList;
import java.util.List;

import io.redmesh.registry.rest.Problem;
import io.redmesh.registry.rest.ProblemException;

/**
 * The place at which a parser is within a body. It counts what was read, so that neither
 * depth nor aliases that multiply can exhaust this server.
 */
final class DocumentPlace {

	/** The maximum depth of a document. */
	static final int MAX_DEPTH = 40;

	private static final int MAX_NODES = 100_000;

	private final List<String> keys = new ArrayList<>();

	private DocumentLines lines = new DocumentLines();

	private int nodes;

	/** Begins another document of the body. */
	void begin(int line) {
		this.lines = new DocumentLines();
		this.lines.add(this.keys, line);
		count(line);
	}

	DocumentLines lines() {
		return this.lines;
	}

	void enter(String key, int line) {
		this.keys.add(key);
		if (this.keys.size() > MAX_DEPTH) {
			throw malformed("it is nested more than " + MAX_DEPTH + " deep", line);
		}
		count(line);
		this.lines.add(this.keys, line);
	}

	private void count(int line) {
		this.nodes++;
		if (this.nodes > MAX_NODES) {
			throw malformed("it has more than " + MAX_NODES + " values, or aliases that multiply to as many", line);
		}
	}

	void leave() {
		this.keys.remove(this.keys.size() - 1);
	}

	/**
	 * Creates the refusal of a body.
	 * @param reason what is wrong with it
	 * @param line the line, from 1 on
	 * @return the exception to throw
	 */
	static ProblemException malformed(String reason, int line) {
		return Problem.malformedBody("line " + line + ": " + reason).asException();
	}

}
