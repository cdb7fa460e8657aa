package io.redmesh.core.traffic.document;

import java.util.ArrayList;
import java.util.List;

import io.redmesh.core.traffic.DirectResponse;
import io.redmesh.core.traffic.FaultRule;
import io.redmesh.core.traffic.FindingCode;
import io.redmesh.core.traffic.Forward;
import io.redmesh.core.traffic.HeaderOperations;
import io.redmesh.core.traffic.MatchedRoute;
import io.redmesh.core.traffic.Redirect;
import io.redmesh.core.traffic.Route;
import io.redmesh.core.traffic.RouteAction;
import io.redmesh.core.traffic.RouteMatch;
import io.redmesh.core.traffic.RouteOrigin;
import org.jspecify.annotations.Nullable;

/**
 * A reader of the entries of {@code spec.http}. An entry becomes one route for each of
 * its matches, as in Envoy, because what a rewrite replaces depends on the match.
 */
final class RouteReader {

	private final Metadata metadata;

	private final ForwardReader forwards;

	RouteReader(Metadata metadata) {
		this.metadata = metadata;
		this.forwards = new ForwardReader(metadata);
	}

	List<MatchedRoute> read(Node http, int index) {
		List<MatchedRoute> routes = http.read((fields) -> routes(fields, index));
		return (routes != null) ? routes : List.of();
	}

	private List<MatchedRoute> routes(Fields http, int index) {
		String name = http.get("name").text("");
		List<RouteMatch> matches = new ArrayList<>();
		for (Node item : http.get("match").items()) {
			RouteMatch match = item.read(MatchReader::read);
			matches.add((match != null) ? match : RouteMatch.ANY);
		}
		HeaderOperations headers = HeaderReader.read(http.get("headers"));
		FaultRule fault = FaultReader.read(http.get("fault"));
		http.unsupported("delegate", "write the routes into this rule");
		http.unsupported("corsPolicy", "configure CORS in the app that serves browsers");
		RouteAction action = action(http);
		if (action == null) {
			return List.of();
		}
		if (matches.isEmpty()) {
			RouteOrigin origin = new RouteOrigin(this.metadata.key(), name, index, -1);
			return List.of(new MatchedRoute(RouteMatch.ANY, new Route(origin, action, headers, fault)));
		}
		List<MatchedRoute> routes = new ArrayList<>();
		for (int i = 0; i < matches.size(); i++) {
			RouteMatch match = matches.get(i);
			String full = match.name().isEmpty() ? name : name + "." + match.name();
			RouteOrigin origin = new RouteOrigin(this.metadata.key(), full, index, i);
			routes.add(new MatchedRoute(match, new Route(origin, action.after(match), headers, fault)));
		}
		return routes;
	}

	private @Nullable RouteAction action(Fields http) {
		String field = http.oneOf("route", "redirect", "directResponse");
		Forward forward = this.forwards.read(http);
		Redirect redirect = http.get("redirect").read(RedirectReader::read);
		DirectResponse response = http.get("directResponse").read(DirectResponseReader::read);
		if (field == null) {
			http.findings()
				.error(FindingCode.MISSING_FIELD, http.node().path(),
						"one of route, redirect and directResponse is required", null);
			return null;
		}
		if (!field.equals("route")) {
			refuseWith(http, field);
			for (String other : List.of("timeout", "retries", "mirror", "mirrors")) {
				http.withoutEffect(other, "no instance is called");
			}
		}
		return (redirect != null) ? redirect : (response != null) ? response : forward;
	}

	/** Refuses what makes no sense without a destination. */
	private static void refuseWith(Fields http, String action) {
		List<String> others = action.equals("redirect") ? List.of("fault", "rewrite") : List.of("rewrite");
		for (String field : others) {
			Node node = http.get(field);
			if (!node.isAbsent()) {
				http.findings()
					.error(FindingCode.CONFLICTING_FIELDS, node.path(),
							"the field and " + action + " exclude each other", null);
			}
		}
	}

}
