package io.redmesh.core.traffic.document;

import java.util.List;

import io.redmesh.core.traffic.Finding;
import io.redmesh.core.traffic.Rule;
import org.jspecify.annotations.Nullable;

/**
 * The result of reading a document.
 *
 * @param rule the rule; null exactly if one of the findings is an error
 * @param findings the findings, in no particular order
 */
public record Reading(@Nullable Rule rule, List<Finding> findings) {

	public Reading {
		findings = List.copyOf(findings);
	}

}
