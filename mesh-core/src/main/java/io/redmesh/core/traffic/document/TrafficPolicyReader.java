package io.redmesh.core.traffic.document;

import java.util.List;

import io.redmesh.core.traffic.ConnectionPoolRule;
import io.redmesh.core.traffic.FindingCode;
import io.redmesh.core.traffic.LoadBalancerRule;
import io.redmesh.core.traffic.OutlierRule;
import io.redmesh.core.traffic.RetryBudgetRule;
import io.redmesh.core.traffic.Severity;
import io.redmesh.core.traffic.TrafficPolicy;
import org.jspecify.annotations.Nullable;

/** A reader of {@code trafficPolicy}. */
final class TrafficPolicyReader {

	private TrafficPolicyReader() {
	}

	static @Nullable TrafficPolicy read(Fields fields) {
		TrafficPolicy policy = blocks(fields, true);
		List<Node> ports = fields.get("portLevelSettings").items();
		fields.unsupported("tunnel", "calls go to instances of the mesh");
		fields.unsupported("proxyProtocol", "calls go to instances of the mesh");
		fields.node().expect(fields.size() > 0, "at least one field");
		if (ports.isEmpty()) {
			return policy;
		}
		if (ports.size() > 1) {
			refusePorts(ports.get(1));
		}
		TrafficPolicy port = ports.get(0).read(TrafficPolicyReader::port);
		return (port != null) ? new TrafficPolicy(port.loadBalancer(), port.connectionPool(), port.outlierDetection(),
				policy.retryBudget(), false) : policy;
	}

	private static void refusePorts(Node second) {
		second.findings()
			.refuse(FindingCode.UNSUPPORTED, second.path(),
					"settings of a second port are not supported: a service has one port here, where its instances registered",
					null);
	}

	/**
	 * Reads the settings of a port. As in Istio, they take the place of the whole policy
	 * and inherit nothing.
	 */
	private static TrafficPolicy port(Fields fields) {
		fields.require("port").read((port) -> {
			Node number = port.require("number");
			number.integer(1, 65_535, 0);
			number.findings()
				.add(FindingCode.PORT_NOT_CALLED, Severity.INFO, number.path(),
						"the settings apply to the service's only port: an instance is called at the port that it registered",
						null);
			return null;
		});
		return blocks(fields, false);
	}

	private static TrafficPolicy blocks(Fields fields, boolean inherits) {
		LoadBalancerRule loadBalancer = fields.get("loadBalancer").read(LoadBalancerReader::read);
		ConnectionPoolRule connectionPool = fields.get("connectionPool").read(ConnectionPoolReader::read);
		OutlierRule outlierDetection = fields.get("outlierDetection").read(OutlierReader::outliers);
		RetryBudgetRule retryBudget = inherits ? fields.get("retryBudget").read(OutlierReader::retryBudget) : null;
		fields.get("tls").read(TrafficPolicyReader::tls);
		return new TrafficPolicy(loadBalancer, connectionPool, outlierDetection, retryBudget, inherits);
	}

	/**
	 * Reads the demand for TLS. The modes that leave identities to the mesh are accepted,
	 * because rules of Istio have them everywhere; the mesh has no identities yet.
	 */
	private static @Nullable Object tls(Fields fields) {
		Node node = fields.get("mode");
		String mode = node.text("DISABLE");
		if (mode.equals("ISTIO_MUTUAL") || mode.equals("DISABLE")) {
			node.findings()
				.add(FindingCode.NO_EFFECT, Severity.WARNING, node.path(),
						"the mode has no effect yet: a call uses TLS if and only if the instance registered so", null);
		}
		else {
			node.findings()
				.refuse(FindingCode.UNSUPPORTED, node.path(),
						mode + " is not supported: configure certificates in the client with an SSL bundle", null);
		}
		for (String field : List.of("clientCertificate", "privateKey", "caCertificates", "caCrl", "credentialName",
				"subjectAltNames", "sni", "insecureSkipVerify")) {
			fields.unsupported(field, "configure certificates in the client with an SSL bundle");
		}
		return null;
	}

}
