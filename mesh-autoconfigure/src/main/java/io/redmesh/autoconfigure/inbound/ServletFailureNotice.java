package io.redmesh.autoconfigure.inbound;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.jspecify.annotations.Nullable;

import org.springframework.core.Ordered;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;

/**
 * A recorder of the exception with which a handler of Spring MVC has failed, before the
 * app makes a response of it. Spring puts it into an attribute of the request, but only
 * after the response has begun.
 */
final class ServletFailureNotice implements HandlerExceptionResolver, Ordered {

	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

	@Override
	public @Nullable ModelAndView resolveException(HttpServletRequest request, HttpServletResponse response,
			@Nullable Object handler, Exception ex) {
		if (request.getAttribute(InboundFilter.ADMITTED) instanceof Admitted admitted) {
			admitted.served().failedWith(ex);
		}
		return null;
	}

}
