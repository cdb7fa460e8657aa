package io.redmesh.core.traffic;

import org.jspecify.annotations.Nullable;

/**
 * A remark about a place in a rule.
 *
 * @param code the kind of remark, for example {@code RM0101}; it never changes its
 * meaning
 * @param severity the severity
 * @param path the place in the document, for example {@code spec.http[0].weight}
 * @param message the remark, for people to read
 * @param fix the corrected text of that place, in YAML, or null
 */
public record Finding(String code, Severity severity, String path, String message, @Nullable String fix) {
}
