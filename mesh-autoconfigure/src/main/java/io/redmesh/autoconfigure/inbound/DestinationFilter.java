package io.redmesh.autoconfigure.inbound;

import java.io.IOException;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;

import io.redmesh.autoconfigure.call.HttpCalls;
import org.jspecify.annotations.Nullable;

import org.springframework.core.Ordered;
import org.springframework.http.HttpStatus;

/** Refuses misdirected calls in servlet apps, before anything else is done for them. */
final class DestinationFilter implements Filter, Ordered {

	private final String service;

	DestinationFilter(String service) {
		this.service = service;
	}

	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

	@Override
	public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		String meant = ((HttpServletRequest) request).getHeader(HttpCalls.DESTINATION);
		if (meant == null) {
			chain.doFilter(request, response);
		}
		else if (meant.equalsIgnoreCase(this.service)) {
			chain.doFilter(new ArrivedRequest((HttpServletRequest) request), response);
		}
		else {
			((HttpServletResponse) response).setStatus(HttpStatus.MISDIRECTED_REQUEST.value());
		}
	}

	/** Says no more where it was going, so that a gateway does not pass that on. */
	private static final class ArrivedRequest extends HttpServletRequestWrapper {

		ArrivedRequest(HttpServletRequest request) {
			super(request);
		}

		@Override
		public @Nullable String getHeader(String name) {
			return isDestination(name) ? null : super.getHeader(name);
		}

		@Override
		public Enumeration<String> getHeaders(String name) {
			return isDestination(name) ? Collections.emptyEnumeration() : super.getHeaders(name);
		}

		@Override
		public Enumeration<String> getHeaderNames() {
			List<String> names = Collections.list(super.getHeaderNames());
			names.removeIf(ArrivedRequest::isDestination);
			return Collections.enumeration(names);
		}

		private static boolean isDestination(String name) {
			return HttpCalls.DESTINATION.equalsIgnoreCase(name);
		}

	}

}
