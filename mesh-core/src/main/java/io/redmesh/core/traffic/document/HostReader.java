package io.redmesh.core.traffic.document;

import java.util.Locale;

import io.redmesh.core.traffic.DestinationKey;
import io.redmesh.core.traffic.FindingCode;
import io.redmesh.core.traffic.HostName;
import io.redmesh.core.traffic.RuleKey;
import io.redmesh.core.traffic.Severity;

/** A reader of hosts and of destinations. */
final class HostReader {

	private final Metadata metadata;

	HostReader(Metadata metadata) {
		this.metadata = metadata;
	}

	/**
	 * Reads a host that may have a wildcard.
	 * @param node the place
	 * @return the host in its one spelling, or an empty text if there is none
	 */
	String host(Node node) {
		String host = node.text((text) -> HostName.isPermitted(text.toLowerCase(Locale.ROOT)),
				"a host such as orders, or a wildcard such as *.example.org");
		return HostName.canonical(host, this.metadata.namespace());
	}

	/** Reads a {@code destination}, whose host has no wildcard. */
	DestinationKey destination(Fields fields) {
		Node host = fields.require("host");
		String service = host(host);
		host.expect(!HostName.isWildcard(service), "a host without a wildcard");
		String subset = fields.get("subset").text(HostReader::isLabelOrEmpty, "1 to 63 of a-z, 0-9 and -");
		fields.get("port").read((port) -> {
			Node number = port.require("number");
			if (number.integer(1, 65_535, 0) != 0) {
				fields.findings()
					.add(FindingCode.PORT_NOT_CALLED, Severity.INFO, number.path(),
							"the port is not used: an instance is called at the port that it registered", null);
			}
			return null;
		});
		return new DestinationKey(service, subset);
	}

	static boolean isLabelOrEmpty(String text) {
		return text.isEmpty() || isLabel(text);
	}

	static boolean isLabel(String text) {
		return text.length() <= 63 && RuleKey.isName(text) && text.indexOf('.') < 0;
	}

}
