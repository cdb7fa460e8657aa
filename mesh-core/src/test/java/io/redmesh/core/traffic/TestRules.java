package io.redmesh.core.traffic;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import io.redmesh.core.traffic.document.Reading;
import io.redmesh.core.traffic.document.RuleReader;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

import static org.assertj.core.api.Assertions.assertThat;

/** Rules of tests, which are written in YAML. */
public final class TestRules {

	/** The document that this project began with, verbatim. */
	public static final String SEED = """
			apiVersion: networking.istio.io/v1alpha3
			kind: VirtualService
			metadata:
			  name: my-service
			spec:
			  hosts:
			  - my-service
			  gateways:
			  - my-gateway
			  http:
			  - route:
			    - destination:
			        host: my-service
			        port:
			          number: 80
			    weight: 100
			    timeout: 1s
			""";

	/** A rule of a host that is no service: two services answer for it. */
	public static final String SHOP = """
			apiVersion: networking.istio.io/v1
			kind: VirtualService
			metadata: {name: shop}
			spec:
			  hosts: [shop]
			  http:
			  - match: [{uri: {prefix: /stock}}]
			    route: [{destination: {host: stock}}]
			  - route: [{destination: {host: orders}}]
			""";

	private TestRules() {
	}

	/** A client of the default namespace with some labels. */
	public static Client client(Map<String, String> labels) {
		return new Client("storefront", "default", labels, Set.of());
	}

	public static Client client() {
		return client(Map.of());
	}

	public static Client gateway(String name) {
		return new Client(name, "default", Map.of(), Set.of(name));
	}

	/** Reads documents that have no errors. */
	public static List<Rule> rules(String yaml) {
		List<Rule> rules = new ArrayList<>();
		for (Reading reading : readings(yaml, Compatibility.FRIENDLY)) {
			assertThat(reading.findings()).noneMatch((finding) -> finding.severity() == Severity.ERROR);
			rules.add(reading.rule());
		}
		return rules;
	}

	public static Rule rule(String yaml) {
		List<Rule> rules = rules(yaml);
		assertThat(rules).hasSize(1);
		return rules.get(0);
	}

	/** Reads a virtual service of host and name "orders" with these entries of http. */
	public static VirtualService orders(String http) {
		return (VirtualService) rule(ordersYaml(http));
	}

	/** Reads such a virtual service, also if it has fields that are not supported. */
	public static VirtualService lenientOrders(String http) {
		return (VirtualService) Objects.requireNonNull(readings(ordersYaml(http), Compatibility.LENIENT).get(0).rule());
	}

	public static String ordersYaml(String http) {
		return """
				apiVersion: networking.istio.io/v1
				kind: VirtualService
				metadata:
				  name: orders
				spec:
				  hosts:
				  - orders
				  http:
				""" + http.indent(2);
	}

	/**
	 * Reads a destination rule of host and name "orders" with further fields of the spec.
	 */
	public static DestinationRule ordersPolicy(String spec) {
		return (DestinationRule) rule(ordersPolicyYaml(spec));
	}

	public static String ordersPolicyYaml(String spec) {
		return """
				apiVersion: networking.istio.io/v1
				kind: DestinationRule
				metadata:
				  name: orders
				spec:
				  host: orders
				""" + spec.indent(2);
	}

	public static RouteTable table(Rule... rules) {
		return RouteTable.of(List.of(rules), client());
	}

	public static List<Reading> readings(String yaml, Compatibility compatibility) {
		RuleReader reader = new RuleReader(compatibility);
		return documents(yaml).stream().map(reader::read).toList();
	}

	@SuppressWarnings("unchecked")
	public static List<Map<String, ?>> documents(String yaml) {
		List<Map<String, ?>> documents = new ArrayList<>();
		for (Object document : new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(yaml)) {
			documents.add((Map<String, ?>) document);
		}
		return documents;
	}

	/** Returns a file of Istio's example application Bookinfo. */
	public static String bookinfo(String name) {
		try (InputStream file = TestRules.class.getResourceAsStream("/bookinfo/" + name + ".yaml")) {
			return new String(file.readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
