package io.redmesh.core.traffic;

import java.util.List;
import java.util.Map;

/**
 * The check of the destinations of routes: their service, subset and instances exist, and
 * no copy goes where the request goes.
 */
final class DestinationCheck implements RuleCheck {

	@Override
	public void check(AnalyzedRules rules) {
		for (VirtualService rule : rules.virtualServices()) {
			for (Route route : AnalyzedRules.entries(rule)) {
				if (route.action() instanceof Forward forward) {
					check(rules, rule.key(), "spec.http[" + route.origin().index() + "]", forward);
				}
			}
		}
	}

	private static void check(AnalyzedRules rules, RuleKey rule, String path, Forward forward) {
		List<RouteDestination> destinations = forward.destinations();
		long reached = 0;
		for (int i = 0; i < destinations.size(); i++) {
			RouteDestination destination = destinations.get(i);
			long instances = check(rules, rule, path + ".route[" + i + "].destination", destination.key());
			reached += (instances > 0) ? destination.weight() : 0;
		}
		if (destinations.size() > 1 && reached == 0) {
			rules.warn(rule, FindingCode.WEIGHT_WITHOUT_INSTANCES, path + ".route",
					"every call fails: no destination with a weight has an instance");
		}
		for (Mirror mirror : forward.mirrors()) {
			check(rules, rule, path + ".mirror", mirror.destination());
			if (destinations.stream().anyMatch((destination) -> destination.key().equals(mirror.destination()))) {
				rules.warn(rule, FindingCode.MIRROR_TO_SELF, path + ".mirror",
						mirror.destination() + " gets requests and their copies");
			}
		}
	}

	/** Checks a destination, and returns the number of its instances. */
	private static long check(AnalyzedRules rules, RuleKey rule, String path, DestinationKey destination) {
		if (!rules.registered().isService(destination.service())) {
			rules.warn(rule, FindingCode.UNKNOWN_HOST, path + ".host", "no service " + destination.service()
					+ " is registered" + HostCheck.suggestion(rules, destination.service()));
			return 0;
		}
		Map<String, String> labels = rules.labels(destination);
		if (labels == null) {
			rules.warn(rule, FindingCode.UNKNOWN_SUBSET, path + ".subset", "no DestinationRule of "
					+ destination.service() + " defines a subset " + destination.subset() + "; every call there fails");
			return 0;
		}
		long instances = rules.registered().instances(destination.service(), labels);
		if (instances == 0) {
			rules.warn(rule, FindingCode.EMPTY_SUBSET, path,
					"no instance of " + destination.service() + " is registered"
							+ (labels.isEmpty() ? "" : " with the labels " + labels) + "; every call there fails");
		}
		return instances;
	}

}
