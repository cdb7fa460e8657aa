package io.redmesh.core.traffic.document;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.redmesh.core.instance.Spelling;
import io.redmesh.core.traffic.Compatibility;
import io.redmesh.core.traffic.FindingCode;
import io.redmesh.core.traffic.Rule;
import io.redmesh.core.traffic.RuleKind;
import org.jspecify.annotations.Nullable;

/**
 * A reader of the documents of rules. A document is a tree of {@link Map}, {@link List},
 * {@link String}, {@link Number}, {@link Boolean} and null, as parsers of YAML and JSON
 * make it. Nothing in a document is ignored in silence.
 * <p>
 * Safe for use by many threads.
 */
public final class RuleReader {

	private static final List<String> VERSIONS = List.of("networking.istio.io/v1", "networking.istio.io/v1beta1",
			"networking.istio.io/v1alpha3");

	// Not there yet, or the part of others.
	private static final Map<String, String> OTHER_KINDS = Map.of("ServiceEntry", "services are registered", "Gateway",
			"Spring Cloud Gateway with the starter is the gateway of this mesh", "Sidecar", "there is no sidecar",
			"EnvoyFilter", "there is no Envoy", "HTTPRoute", "write a VirtualService", "AuthorizationPolicy",
			"permissions are not there yet", "PeerAuthentication", "mutual TLS is not there yet",
			"RequestAuthentication", "use Spring Security");

	private final Compatibility compatibility;

	/**
	 * Creates a reader.
	 * @param compatibility the treatment of documents that Istio understands differently
	 */
	public RuleReader(Compatibility compatibility) {
		this.compatibility = compatibility;
	}

	/**
	 * Reads a document.
	 * @param document the document
	 * @return the rule, and what is remarkable about the document
	 */
	public Reading read(Map<String, ?> document) {
		Findings findings = new Findings(this.compatibility);
		Rule rule = new Node(findings, "", null, document).read(RuleReader::rule);
		if (rule == null && !findings.hasError()) {
			throw new IllegalStateException("Neither a rule nor an error: " + document.keySet());
		}
		return new Reading(findings.hasError() ? null : rule, findings.all());
	}

	private static @Nullable Rule rule(Fields document) {
		RuleKind kind = kind(document.require("kind"));
		document.get("status");
		Node version = document.require("apiVersion");
		Node metadata = document.require("metadata");
		Node spec = document.require("spec");
		if (kind == null) {
			document.permitOthers();
			return null;
		}
		if (!version.isAbsent() && !VERSIONS.contains(version.text(""))) {
			version.invalid("one of " + VERSIONS, version.fix(VERSIONS.get(0)));
		}
		Metadata read = metadata.read((fields) -> Metadata.read(kind, fields));
		if (read == null) {
			return null;
		}
		return switch (kind) {
			case VIRTUAL_SERVICE -> spec.read(new VirtualServiceReader(read)::read);
			case DESTINATION_RULE -> spec.read(new DestinationRuleReader(read)::read);
		};
	}

	private static @Nullable RuleKind kind(Node node) {
		String word = node.text("");
		RuleKind kind = RuleKind.parse(word);
		if (kind != null && !kind.toString().equals(word)) {
			node.invalid(kind.toString(), node.fix(kind.toString()));
		}
		if (kind == null && node.value() instanceof String) {
			List<String> kinds = new ArrayList<>();
			for (RuleKind known : RuleKind.values()) {
				kinds.add(known.toString());
			}
			String reason = OTHER_KINDS.get(word);
			String nearest = Spelling.nearest(word, kinds);
			node.findings()
				.error(FindingCode.UNKNOWN_KIND, node.path(),
						(reason != null) ? "the kind " + word + " is not supported: " + reason
								: "the kind " + word + " does not exist here (expected: one of " + kinds + ")",
						(nearest != null) ? node.fix(nearest) : null);
		}
		return kind;
	}

}
