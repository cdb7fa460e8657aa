package io.redmesh.core.traffic;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The condition of one block of a route's {@code match}: client, port and all parts of
 * the request must fulfil it.
 *
 * @param name the name of the block, empty for none
 * @param source the condition on the client
 * @param port the port that the request must ask for, 0 for any
 * @param conditions the conditions on the request
 */
public record RouteMatch(String name, SourceMatch source, int port, List<Condition> conditions) {

	/** The condition that any request fulfils. */
	public static final RouteMatch ANY = new RouteMatch("", SourceMatch.ANY, 0, List.of());

	public RouteMatch {
		conditions = List.copyOf(conditions);
	}

	/**
	 * Returns whether a request fulfils all conditions on requests. It allocates nothing,
	 * apart from what the request itself and regular expressions allocate.
	 * @param request the request
	 * @return whether it does
	 */
	boolean holds(RequestFacts request) {
		if (this.port != 0 && this.port != request.port()) {
			return false;
		}
		// An iterator would be garbage.
		for (int i = 0; i < this.conditions.size(); i++) {
			if (!this.conditions.get(i).holds(request)) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Returns whether every request fulfils the conditions on requests.
	 * @return whether routes after this one cannot be reached
	 */
	boolean isCatchAll() {
		return this.port == 0 && this.conditions.stream()
			.allMatch((condition) -> condition.part() == RequestPart.PATH && condition.match().matchesEveryPath());
	}

	/**
	 * Returns the condition on the path.
	 * @return the condition, or null if there is none
	 */
	@Nullable StringMatch path() {
		return this.conditions.stream()
			.filter((condition) -> condition.part() == RequestPart.PATH)
			.map(Condition::match)
			.findFirst()
			.orElse(null);
	}

}
