package io.redmesh.autoconfigure.inbound;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.jspecify.annotations.Nullable;

import org.springframework.core.Ordered;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;

/**
 * Notice of the exception with which a handler of Spring MVC has failed, before the app
 * makes an answer of it. Spring tells it in an attribute of the request, but only after
 * the answer has begun.
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
