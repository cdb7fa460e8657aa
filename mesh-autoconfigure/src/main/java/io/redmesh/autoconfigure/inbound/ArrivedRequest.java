package io.redmesh.autoconfigure.inbound;

import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;

import org.jspecify.annotations.Nullable;

/**
 * Says no more what was said to this hop alone, so that a gateway does not pass it on.
 */
final class ArrivedRequest extends HttpServletRequestWrapper {

	ArrivedRequest(HttpServletRequest request) {
		super(request);
	}

	@Override
	public @Nullable String getHeader(String name) {
		return ArrivedHeaders.contains(name) ? null : super.getHeader(name);
	}

	@Override
	public Enumeration<String> getHeaders(String name) {
		return ArrivedHeaders.contains(name) ? Collections.emptyEnumeration() : super.getHeaders(name);
	}

	@Override
	public Enumeration<String> getHeaderNames() {
		List<String> names = Collections.list(super.getHeaderNames());
		names.removeIf(ArrivedHeaders::contains);
		return Collections.enumeration(names);
	}

}
