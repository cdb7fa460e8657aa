package io.redmesh.core.traffic.document;

import java.util.ArrayList;
import java.util.List;

import io.redmesh.core.traffic.Compatibility;
import io.redmesh.core.traffic.Finding;
import io.redmesh.core.traffic.FindingCode;
import io.redmesh.core.traffic.Severity;
import org.jspecify.annotations.Nullable;

/** A collector of the findings about one document. Confined to one thread. */
final class Findings {

	private final Compatibility compatibility;

	private final List<Finding> found = new ArrayList<>();

	Findings(Compatibility compatibility) {
		this.compatibility = compatibility;
	}

	boolean isStrict() {
		return this.compatibility == Compatibility.STRICT;
	}

	void add(FindingCode code, Severity severity, String path, String message, @Nullable String fix) {
		this.found.add(new Finding(code.toString(), severity, path, message, fix));
	}

	void error(FindingCode code, String path, String message, @Nullable String fix) {
		add(code, Severity.ERROR, path, message, fix);
	}

	/** Adds a finding about something without effect that the author may rely on. */
	void refuse(FindingCode code, String path, String message, @Nullable String fix) {
		boolean lenient = this.compatibility == Compatibility.LENIENT;
		add(code, lenient ? Severity.WARNING : Severity.ERROR, path, lenient ? message + "; it has no effect" : message,
				fix);
	}

	boolean hasError() {
		return this.found.stream().anyMatch((finding) -> finding.severity() == Severity.ERROR);
	}

	List<Finding> all() {
		return List.copyOf(this.found);
	}

}
