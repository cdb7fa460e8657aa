package io.redmesh.core.traffic;

/**
 * A condition on one part of a request.
 *
 * @param part the part
 * @param name the name of the header, in lower case, or of the query parameter; empty for
 * other parts
 * @param match the condition on the text of that part
 * @param inverted whether the request must not fulfil the condition
 * ({@code withoutHeaders})
 */
public record Condition(RequestPart part, String name, StringMatch match, boolean inverted) {

	boolean holds(RequestFacts request) {
		String text = this.part.read(request, this.name);
		if (text != null) {
			return this.match.matches(text) != this.inverted;
		}
		return this.inverted && !this.match.matchesMissing();
	}

	@Override
	public String toString() {
		String part = this.name.isEmpty() ? this.part.field() : this.part.field() + "[" + this.name + "]";
		return (this.inverted ? "not " : "") + part + " " + this.match;
	}

}
