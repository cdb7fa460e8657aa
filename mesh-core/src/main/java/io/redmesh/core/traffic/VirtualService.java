package io.redmesh.core.traffic;

import java.util.List;

/**
 * A rule for calls to some hosts: the first route whose match a request fulfils is taken.
 *
 * @param key the key
 * @param hosts the hosts in lower case, exact or with a leading {@code *.}; {@code *} for
 * any
 * @param gateways the gateways whose clients obey the rule
 * @param routes the routes, in the order in which they are tried. An entry of the
 * document stands for as many routes as it has matches.
 */
public record VirtualService(RuleKey key, List<String> hosts, GatewayScope gateways,
		List<MatchedRoute> routes) implements Rule {

	public VirtualService {
		hosts = List.copyOf(hosts);
		routes = List.copyOf(routes);
	}

}
