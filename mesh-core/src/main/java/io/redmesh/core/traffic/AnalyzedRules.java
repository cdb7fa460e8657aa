package io.redmesh.core.traffic;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * The rules that are analyzed, with what is registered, and the findings so far. Confined
 * to one thread.
 */
final class AnalyzedRules {

	private final List<VirtualService> virtualServices = new ArrayList<>();

	private final List<DestinationRule> destinationRules = new ArrayList<>();

	private final Map<RuleKey, List<Finding>> findings = new TreeMap<>();

	private final Registered registered;

	private final RouteTable table;

	AnalyzedRules(Collection<? extends Rule> rules, Registered registered) {
		rules.stream().sorted(Comparator.comparing(Rule::key)).forEach((rule) -> {
			if (rule instanceof VirtualService virtualService) {
				this.virtualServices.add(virtualService);
			}
			else if (rule instanceof DestinationRule destinationRule) {
				this.destinationRules.add(destinationRule);
			}
		});
		this.registered = registered;
		this.table = RouteTable.of(this.destinationRules, new Client("", "", Map.of(), Set.of()));
	}

	List<VirtualService> virtualServices() {
		return this.virtualServices;
	}

	List<DestinationRule> destinationRules() {
		return this.destinationRules;
	}

	Registered registered() {
		return this.registered;
	}

	/** Returns the labels of a destination, or null if no rule defines its subset. */
	@Nullable Map<String, String> labels(DestinationKey destination) {
		return this.table.subset(destination);
	}

	/** Returns one route for each entry of {@code spec.http}. */
	static List<Route> entries(VirtualService rule) {
		return rule.routes().stream().map(MatchedRoute::route).filter((route) -> route.origin().match() <= 0).toList();
	}

	void warn(RuleKey rule, FindingCode code, String path, String message) {
		add(rule, new Finding(code.toString(), Severity.WARNING, path, message, null));
	}

	void add(RuleKey rule, Finding finding) {
		this.findings.computeIfAbsent(rule, (key) -> new ArrayList<>()).add(finding);
	}

	Map<RuleKey, List<Finding>> findings() {
		this.findings.replaceAll((rule, findings) -> List.copyOf(findings));
		return Collections.unmodifiableMap(this.findings);
	}

}
