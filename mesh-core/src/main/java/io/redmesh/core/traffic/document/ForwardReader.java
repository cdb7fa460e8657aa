package io.redmesh.core.traffic.document;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.redmesh.core.traffic.DestinationKey;
import io.redmesh.core.traffic.FindingCode;
import io.redmesh.core.traffic.Forward;
import io.redmesh.core.traffic.HeaderOperations;
import io.redmesh.core.traffic.Mirror;
import io.redmesh.core.traffic.RetryRule;
import io.redmesh.core.traffic.Rewrite;
import io.redmesh.core.traffic.RouteDestination;
import io.redmesh.core.traffic.Severity;
import org.jspecify.annotations.Nullable;

/** A reader of the fields of a route that forwards requests. */
final class ForwardReader {

	private final Metadata metadata;

	private final HostReader hosts;

	private final MirrorReader mirrors;

	ForwardReader(Metadata metadata) {
		this.metadata = metadata;
		this.hosts = new HostReader(metadata);
		this.mirrors = new MirrorReader(this.hosts);
	}

	/**
	 * Reads the fields.
	 * @param http the fields of an entry of {@code spec.http}
	 * @return the action, or null if there is no destination
	 */
	@Nullable Forward read(Fields http) {
		Node route = http.get("route");
		List<RouteDestination> destinations = withMisplacedWeight(destinations(route), http, route);
		Rewrite rewrite = http.get("rewrite").read(RewriteReader::read);
		Duration timeout = timeout(http.get("timeout"));
		RetryRule retries = http.get("retries").read(RetryReader::read);
		List<Mirror> mirrors = this.mirrors.read(http);
		return destinations.isEmpty() ? null
				: new Forward(destinations, this.metadata.cohort(), rewrite, timeout, retries, mirrors);
	}

	private List<RouteDestination> destinations(Node route) {
		List<RouteDestination> destinations = new ArrayList<>();
		long total = 0;
		for (Node item : route.items()) {
			RouteDestination destination = item.read(this::destination);
			if (destination != null) {
				destinations.add(destination);
				total += destination.weight();
			}
		}
		route.expect(!route.isEmptyList(), "at least one destination");
		route.expect(total <= Integer.MAX_VALUE, "weights of at most " + Integer.MAX_VALUE + " together");
		if (destinations.size() > 1 && total == 0) {
			route.findings()
				.error(FindingCode.INVALID_VALUE, route.path(),
						"all weights are 0 (expected: at least one of several destinations has a weight)", null);
		}
		return destinations;
	}

	private @Nullable RouteDestination destination(Fields fields) {
		DestinationKey key = fields.require("destination").read(this.hosts::destination);
		int weight = fields.get("weight").integer(0, Integer.MAX_VALUE, 0);
		HeaderOperations headers = HeaderReader.read(fields.get("headers"));
		return (key != null) ? new RouteDestination(key, weight, headers) : null;
	}

	/** Reads the timeout of a call, which zero switches off. */
	private static @Nullable Duration timeout(Node node) {
		Duration timeout = node.duration();
		if (timeout != null && timeout.isZero()) {
			node.expect(!node.findings().isStrict(), "at least 1ms");
		}
		return timeout;
	}

	/**
	 * Reads a {@code weight} beside {@code route}. Istio has no such field. It can only
	 * be meant for the only destination, for which a weight changes nothing.
	 */
	private static List<RouteDestination> withMisplacedWeight(List<RouteDestination> destinations, Fields http,
			Node route) {
		Node weight = http.get("weight");
		if (weight.isAbsent()) {
			return destinations;
		}
		int value = weight.integer(0, Integer.MAX_VALUE, 0);
		String message = "Istio refuses or drops the field, because a weight belongs to an entry of route";
		if (destinations.size() != 1 || !(route.items().get(0).value() instanceof Map<?, ?> only)
				|| only.containsKey("weight")) {
			http.findings().error(FindingCode.MISPLACED_WEIGHT, weight.path(), message, null);
			return destinations;
		}
		Map<Object, @Nullable Object> corrected = new LinkedHashMap<>(only);
		corrected.put("weight", value);
		boolean strict = http.findings().isStrict();
		http.findings()
			.add(FindingCode.MISPLACED_WEIGHT, strict ? Severity.ERROR : Severity.WARNING, weight.path(),
					strict ? message : message + "; here it counts for the only one", route.fix(List.of(corrected)));
		RouteDestination destination = destinations.get(0);
		return List.of(new RouteDestination(destination.key(), value, destination.headers()));
	}

}
