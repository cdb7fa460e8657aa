package io.redmesh.autoconfigure.inbound;

import java.io.IOException;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import io.redmesh.autoconfigure.call.MeshHeaders;
import io.redmesh.autoconfigure.call.ServedRequest;
import io.redmesh.core.time.Timer;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;

/** The servlet filter that admits or refuses requests. */
final class InboundFilter implements Filter {

	/** The request attribute that holds the {@link Admitted} request. */
	static final String ADMITTED = InboundFilter.class.getName() + ".admitted";

	private static final String ARRIVAL = InboundFilter.class.getName() + ".arrival";

	private final Admission admission;

	private final VitalPaths vital;

	private final ThreadReserve threadReserve;

	private final ArrivedHeaders headers;

	private final String servletPath;

	private final Timer timer;

	/**
	 * Creates the filter.
	 * @param admission the admission control
	 * @param vital the paths of Actuator
	 * @param threadReserve the threads of the container
	 * @param headers the headers that the app must not see
	 * @param servletPath the path of Spring MVC within the app
	 * @param timer bounds the time for which requests that another thread answers count
	 * as in flight
	 */
	InboundFilter(Admission admission, VitalPaths vital, ThreadReserve threadReserve, ArrivedHeaders headers,
			String servletPath, Timer timer) {
		this.admission = admission;
		this.vital = vital;
		this.threadReserve = threadReserve;
		this.headers = headers;
		this.servletPath = servletPath.endsWith("/") ? servletPath.substring(0, servletPath.length() - 1) : servletPath;
		this.timer = timer;
	}

	@Override
	public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		HttpServletRequest http = (HttpServletRequest) request;
		if (request.getDispatcherType() == DispatcherType.REQUEST) {
			admit(http, (HttpServletResponse) response, chain);
		}
		else {
			resume(http, (HttpServletResponse) response, chain);
		}
	}

	private void admit(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		MeshRequestHeaders arrival = this.headers.read(request::getHeader);
		RequestPriority priority = priority(request);
		boolean threadAvailable = this.threadReserve.tryEnter(priority != RequestPriority.ORDINARY || arrival.high());
		try {
			Decision decision = this.admission.decide(arrival, priority, threadAvailable);
			if (decision instanceof Admitted admitted) {
				serve(request, response, chain, admitted, arrival);
			}
			else if (decision instanceof Refusal refusal) {
				refuse(response, refusal, arrival.destination(), this.admission.load(arrival));
			}
		}
		finally {
			if (threadAvailable) {
				this.threadReserve.leave();
			}
		}
	}

	private RequestPriority priority(HttpServletRequest request) {
		String uri = request.getRequestURI();
		String start = request.getContextPath() + this.servletPath;
		return uri.startsWith(start) ? this.vital.of(uri.substring(start.length())) : RequestPriority.ORDINARY;
	}

	private void serve(HttpServletRequest request, HttpServletResponse response, FilterChain chain, Admitted admitted,
			MeshRequestHeaders arrival) throws IOException, ServletException {
		try {
			if (request.getDispatcherType() == DispatcherType.REQUEST) {
				admitted.served().cameFrom(request.getRemoteAddr());
				request.setAttribute(ADMITTED, admitted);
				request.setAttribute(ARRIVAL, arrival);
			}
			ReplyHeaders reply = new ReplyHeaders(response, admitted, () -> this.admission.load(arrival));
			if (!response.isCommitted()) {
				reply.setLoad();
				reply.setFailedAt(response.getStatus());
			}
			callChain(request, reply, chain, admitted);
		}
		catch (Throwable ex) {
			// A listener of the app, the container or this filter has failed.
			admitted.end(false);
			throw ex;
		}
	}

	private static void refuse(HttpServletResponse response, Refusal refusal, @Nullable String destination,
			@Nullable String load) {
		// No sendError: an error page would be work.
		response.setStatus(refusal.status().value());
		if (refusal.isTransient()) {
			response.setHeader(HttpHeaders.RETRY_AFTER, "1");
		}
		if (destination != null) {
			response.setHeader(MeshHeaders.REFUSED, destination);
		}
		if (load != null) {
			response.setHeader(MeshHeaders.LOAD, load);
		}
	}

	/**
	 * Handles a further dispatch of the same request, to an error page or back from
	 * another thread.
	 */
	private void resume(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		if (request.getAttribute(ADMITTED) instanceof Admitted admitted
				&& request.getAttribute(ARRIVAL) instanceof MeshRequestHeaders arrival) {
			serve(request, response, chain, admitted, arrival);
		}
		else {
			chain.doFilter(new ArrivedRequest(request, this.headers), response);
		}
	}

	private void callChain(HttpServletRequest request, ReplyHeaders reply, FilterChain chain, Admitted admitted)
			throws IOException, ServletException {
		ServedRequest before = ServedRequest.setCurrent(admitted.served());
		boolean returned = false;
		try {
			chain.doFilter(new ArrivedRequest(request, this.headers), reply);
			returned = true;
		}
		catch (IOException | ServletException | RuntimeException ex) {
			admitted.served().failedWith(ex);
			if (reply.isCommitted() || !this.admission.isTooLate(ex)) {
				throw ex;
			}
			reply.resetBuffer();
			reply.setStatus(Refusal.DEADLINE.status().value());
		}
		finally {
			ServedRequest.setCurrent(before);
			if (!returned && !reply.isCommitted()) {
				// The container makes an error response, perhaps without calling this
				// filter again.
				reply.setFailedAt(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
			}
			// Also after an asynchronous dispatch: Tomcat reports no completion for a
			// response that has begun and then failed.
			if (!request.isAsyncStarted() || !AsyncEnd.follow(request, reply, admitted, this.timer)) {
				end(reply, admitted, returned);
			}
		}
	}

	private static void end(ReplyHeaders reply, Admitted admitted, boolean returned) {
		if (reply.getStatus() == HttpServletResponse.SC_SWITCHING_PROTOCOLS) {
			admitted.releaseSlot();
		}
		admitted.end(returned && AsyncEnd.isGood(reply.getStatus()));
	}

}
