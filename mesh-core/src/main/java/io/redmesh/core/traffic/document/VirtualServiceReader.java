package io.redmesh.core.traffic.document;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import io.redmesh.core.traffic.Client;
import io.redmesh.core.traffic.FindingCode;
import io.redmesh.core.traffic.GatewayScope;
import io.redmesh.core.traffic.HostName;
import io.redmesh.core.traffic.MatchedRoute;
import io.redmesh.core.traffic.RuleKey;
import io.redmesh.core.traffic.Severity;
import io.redmesh.core.traffic.VirtualService;

/** A reader of the {@code spec} of a virtual service. */
final class VirtualServiceReader {

	private static final String HTTP_ONLY = "the mesh routes HTTP requests only";

	private static final String FOR_MESH_OTHERWISE = "Istio would not apply the rule to calls between apps, "
			+ "because mesh is not among its gateways; here it applies to them as long as no such gateway is registered";

	private static final String NOT_FOR_MESH = "the rule does not apply to calls between apps, "
			+ "because mesh is not among its gateways";

	private final Metadata metadata;

	private final HostReader hosts;

	VirtualServiceReader(Metadata metadata) {
		this.metadata = metadata;
		this.hosts = new HostReader(metadata);
	}

	VirtualService read(Fields spec) {
		Node hostsNode = spec.require("hosts");
		List<String> hosts = hosts(hostsNode);
		boolean any = hosts.contains(HostName.ANY);
		GatewayScope gateways = gateways(spec.get("gateways"), any);
		hostsNode.expect(!any || !gateways.names().contains(Client.MESH),
				"hosts other than * for the apps of the mesh, whose calls to other systems would be routed, too");
		this.metadata.checkExport(spec.get("exportTo"));
		spec.unsupported("tls", HTTP_ONLY);
		spec.unsupported("tcp", HTTP_ONLY);
		return new VirtualService(this.metadata.key(), hosts, gateways, routes(spec.require("http")));
	}

	private List<MatchedRoute> routes(Node node) {
		List<Node> items = node.items();
		node.expect(!node.isEmptyList(), "at least one route");
		RouteReader reader = new RouteReader(this.metadata);
		List<MatchedRoute> routes = new ArrayList<>();
		for (int i = 0; i < items.size(); i++) {
			routes.addAll(reader.read(items.get(i), i));
		}
		return routes;
	}

	private List<String> hosts(Node node) {
		Set<String> hosts = new LinkedHashSet<>();
		for (Node item : node.items()) {
			item.expect(hosts.add(this.hosts.host(item)), "a host that is not in the list already");
		}
		node.expect(!node.isEmptyList(), "at least one host");
		return List.copyOf(hosts);
	}

	/**
	 * Reads the gateways. With gateways other than the mesh, Istio does not apply a rule
	 * to calls between apps, which surprises most authors.
	 */
	private static GatewayScope gateways(Node node, boolean anyHost) {
		Set<String> names = names(node);
		if (names.isEmpty()) {
			return GatewayScope.MESH;
		}
		boolean mesh = names.contains(Client.MESH);
		boolean meshOtherwise = !mesh && !anyHost && !node.findings().isStrict();
		if (!mesh) {
			List<String> corrected = new ArrayList<>(names);
			corrected.add(Client.MESH);
			node.findings()
				.add(FindingCode.GATEWAYS_WITHOUT_MESH, meshOtherwise ? Severity.WARNING : Severity.INFO, node.path(),
						meshOtherwise ? FOR_MESH_OTHERWISE : NOT_FOR_MESH, anyHost ? null : node.fix(corrected));
		}
		return new GatewayScope(names, meshOtherwise);
	}

	private static String afterSlash(String gateway) {
		return gateway.substring(gateway.indexOf('/') + 1);
	}

	/**
	 * Reads the names of gateways, without the namespace that Istio permits before them.
	 */
	static Set<String> names(Node node) {
		Set<String> names = new LinkedHashSet<>();
		for (Node item : node.items()) {
			String name = item.text((text) -> RuleKey.isName(afterSlash(text)), "the name of a gateway");
			names.add(afterSlash(name));
		}
		return names;
	}

}
