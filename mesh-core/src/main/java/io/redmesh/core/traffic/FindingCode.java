package io.redmesh.core.traffic;

/**
 * The codes of all findings. RM01 is about one document, RM02 about rules together and
 * what is registered. A code never changes its meaning.
 */
public enum FindingCode {

	/** A field that does not exist. Istio's analysis calls it IST0106. */
	UNKNOWN_FIELD("RM0101"),

	/** A field or value of Istio's API that this mesh cannot honour. */
	UNSUPPORTED("RM0102"),

	/** A value of the wrong type or outside the permitted range. */
	INVALID_VALUE("RM0103"),

	/** A field that is required. */
	MISSING_FIELD("RM0104"),

	/** Fields that exclude each other. */
	CONFLICTING_FIELDS("RM0105"),

	/** A document of a kind or version that this mesh does not execute. */
	UNKNOWN_KIND("RM0106"),

	/** A field with a successor. Istio's analysis calls it IST0133. */
	DEPRECATED_FIELD("RM0107"),

	/** A weight beside the only destination instead of at it. */
	MISPLACED_WEIGHT("RM0108"),

	/** Gateways without the mesh. */
	GATEWAYS_WITHOUT_MESH("RM0109"),

	/** A port that is not called, because instances are called where they registered. */
	PORT_NOT_CALLED("RM0110"),

	/** A field of Istio's API that changes nothing here. */
	NO_EFFECT("RM0111"),

	/** A host that is no registered service. Istio's analysis calls it IST0101. */
	UNKNOWN_HOST("RM0201"),

	/** A subset that no rule defines. Istio's analysis calls it IST0101. */
	UNKNOWN_SUBSET("RM0202"),

	/** A subset without instances. Istio's analysis calls it IST0173. */
	EMPTY_SUBSET("RM0203"),

	/** A route that no request can reach. Istio's analysis calls it IST0130. */
	UNREACHABLE_ROUTE("RM0204"),

	/** A match that an earlier one leaves nothing. Istio's analysis calls it IST0131. */
	INEFFECTIVE_MATCH("RM0205"),

	/** A route all of whose weight is on destinations without instances. */
	WEIGHT_WITHOUT_INSTANCES("RM0206"),

	/** Several rules for one host. Istio's analysis calls it IST0109. */
	SAME_HOST("RM0207"),

	/** A gateway that is not registered. Istio's analysis calls it IST0101. */
	UNKNOWN_GATEWAY("RM0208"),

	/** A timeout that is shorter than that of a single attempt. */
	TIMEOUT_BELOW_ATTEMPT("RM0209"),

	/** Attempts that the timeout leaves no time for. */
	TIMEOUT_BELOW_RETRIES("RM0210"),

	/** A mirror that is also the destination. */
	MIRROR_TO_SELF("RM0211"),

	/** A rewrite that leaves a double slash in the path. */
	DOUBLE_SLASH("RM0212"),

	/** Retries of requests that may not be executed twice. */
	RETRY_NOT_IDEMPOTENT("RM0213");

	private final String code;

	FindingCode(String code) {
		this.code = code;
	}

	/** Returns the code, for example {@code RM0101}. */
	@Override
	public String toString() {
		return this.code;
	}

}
