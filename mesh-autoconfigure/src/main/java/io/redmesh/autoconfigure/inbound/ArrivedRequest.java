package io.redmesh.autoconfigure.inbound;

import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;

import org.jspecify.annotations.Nullable;

/**
 * A request without the headers that are for this hop only, so that a gateway does not
 * pass them on.
 */
final class ArrivedRequest extends HttpServletRequestWrapper {

	private final ArrivedHeaders hidden;

	ArrivedRequest(HttpServletRequest request, ArrivedHeaders hidden) {
		super(request);
		this.hidden = hidden;
	}

	@Override
	public @Nullable String getHeader(String name) {
		return this.hidden.contains(name) ? null : super.getHeader(name);
	}

	@Override
	public Enumeration<String> getHeaders(String name) {
		return this.hidden.contains(name) ? Collections.emptyEnumeration() : super.getHeaders(name);
	}

	@Override
	public Enumeration<String> getHeaderNames() {
		List<String> names = Collections.list(super.getHeaderNames());
		names.removeIf(this.hidden::contains);
		return Collections.enumeration(names);
	}

}
