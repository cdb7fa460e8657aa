package io.redmesh.autoconfigure.actuate;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.redmesh.core.traffic.Condition;
import io.redmesh.core.traffic.DestinationKey;
import io.redmesh.core.traffic.DirectResponse;
import io.redmesh.core.traffic.Forward;
import io.redmesh.core.traffic.MatchedRoute;
import io.redmesh.core.traffic.Redirect;
import io.redmesh.core.traffic.Route;
import io.redmesh.core.traffic.RouteDestination;
import io.redmesh.core.traffic.RouteMatch;
import io.redmesh.core.traffic.RouteTable;
import org.jspecify.annotations.Nullable;

/**
 * A route of the traffic rules.
 *
 * @param rule the rule that it comes from
 * @param path its place in the document of the rule
 * @param name its name; null if it has none
 * @param match the conditions, all of which a request must fulfil; empty for none
 * @param action the action, in words
 * @param destinations the destinations; empty if no instance is called
 * @param timeout how long a call may take with all its attempts, zero for no limit; null
 * for the timeout of the client
 */
public record RouteDescriptor(String rule, String path, @Nullable String name, List<String> match, String action,
		List<DestinationDescriptor> destinations, @Nullable Duration timeout) {

	/**
	 * Describes a route.
	 * @param matched the route with its match
	 * @param table the table that defines the subsets
	 * @return the description
	 */
	static RouteDescriptor of(MatchedRoute matched, RouteTable table) {
		Route route = matched.route();
		Forward forward = route.forward();
		List<DestinationDescriptor> destinations = (forward == null) ? List.of()
				: forward.destinations().stream().map((each) -> DestinationDescriptor.of(each, table)).toList();
		String name = route.origin().name();
		return new RouteDescriptor(route.origin().rule().toString(), route.origin().path(),
				name.isEmpty() ? null : name, conditions(matched.match()), action(route), destinations,
				(forward != null) ? forward.timeout() : null);
	}

	private static List<String> conditions(RouteMatch match) {
		List<String> conditions = new ArrayList<>();
		if (match.port() != 0) {
			conditions.add("port " + match.port());
		}
		match.conditions().stream().map(Condition::toString).forEach(conditions::add);
		return conditions;
	}

	private static String action(Route route) {
		String action;
		if (route.action() instanceof DirectResponse direct) {
			action = "respond with status " + direct.status();
		}
		else if (route.action() instanceof Redirect redirect) {
			action = "redirect with status " + redirect.status();
		}
		else {
			action = "forward";
		}
		return (route.fault() != null) ? action + ", with injected faults" : action;
	}

	/**
	 * A destination of a route.
	 *
	 * @param service the service
	 * @param subset the subset; null for all instances
	 * @param labels the labels of the subset's instances; null if no rule defines it
	 * @param weight its weight among the destinations of the route
	 */
	public record DestinationDescriptor(String service, @Nullable String subset, @Nullable Map<String, String> labels,
			int weight) {

		static DestinationDescriptor of(RouteDestination destination, RouteTable table) {
			DestinationKey key = destination.key();
			return new DestinationDescriptor(key.service(), key.subset().isEmpty() ? null : key.subset(),
					table.subset(key), destination.weight());
		}

	}

}
