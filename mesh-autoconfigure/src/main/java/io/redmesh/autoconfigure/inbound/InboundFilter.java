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

/** Receives the requests of a servlet app. */
final class InboundFilter implements Filter {

	/** The attribute of a request under which it stands as {@link Admitted}. */
	static final String ADMITTED = InboundFilter.class.getName() + ".admitted";

	private static final String ARRIVAL = InboundFilter.class.getName() + ".arrival";

	private final Admission admission;

	private final VitalPaths vital;

	private final ThreadReserve threadReserve;

	private final ArrivedHeaders headers;

	private final String servletPath;

	private final Timer timer;

	/**
	 * Creates it.
	 * @param admission decides
	 * @param vital where the app is asked how it is
	 * @param threadReserve the threads of the container
	 * @param headers those that are for this app
	 * @param servletPath where Spring MVC begins within the app
	 * @param timer ends patience with those that another thread answers
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
			arrive(http, (HttpServletResponse) response, chain);
		}
		else {
			goOn(http, (HttpServletResponse) response, chain);
		}
	}

	private void arrive(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		MeshRequestHeaders arrival = this.headers.read(request::getHeader);
		RequestPriority priority = priority(request);
		boolean thread = this.threadReserve.tryEnter(priority != RequestPriority.ORDINARY || arrival.high());
		try {
			Decision decision = this.admission.decide(arrival, priority, thread);
			if (decision instanceof Admitted admitted) {
				serve(request, response, chain, admitted, arrival);
			}
			else if (decision instanceof Refusal refusal) {
				refuse(response, refusal, arrival.destination(), this.admission.load(arrival));
			}
		}
		finally {
			if (thread) {
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
				reply.tellLoad();
				reply.tellFailedAt(response.getStatus());
			}
			pass(request, reply, chain, admitted);
		}
		catch (Throwable ex) {
			// Whatever has failed: a listener of the app, the container, or this filter.
			admitted.end(false);
			throw ex;
		}
	}

	private static void refuse(HttpServletResponse response, Refusal refusal, @Nullable String destination,
			@Nullable String load) {
		// No sendError: an error page would be work.
		response.setStatus(refusal.status().value());
		if (refusal.passes()) {
			response.setHeader(HttpHeaders.RETRY_AFTER, "1");
		}
		if (destination != null) {
			response.setHeader(MeshHeaders.REFUSED, destination);
		}
		if (load != null) {
			response.setHeader(MeshHeaders.LOAD, load);
		}
	}

	/** The same request again, on its way to an error page or back from elsewhere. */
	private void goOn(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		if (request.getAttribute(ADMITTED) instanceof Admitted admitted
				&& request.getAttribute(ARRIVAL) instanceof MeshRequestHeaders arrival) {
			serve(request, response, chain, admitted, arrival);
		}
		else {
			chain.doFilter(new ArrivedRequest(request, this.headers), response);
		}
	}

	private void pass(HttpServletRequest request, ReplyHeaders reply, FilterChain chain, Admitted admitted)
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
				// The container makes it an answer, perhaps without coming here again.
				reply.tellFailedAt(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
			}
			// Also after it came back from elsewhere: Tomcat does not call an answer
			// complete that has begun and then failed.
			if (!request.isAsyncStarted() || !AsyncEnd.follow(request, reply, admitted, this.timer)) {
				end(reply, admitted, returned);
			}
		}
	}

	private static void end(ReplyHeaders reply, Admitted admitted, boolean returned) {
		if (reply.getStatus() == HttpServletResponse.SC_SWITCHING_PROTOCOLS) {
			admitted.goesOnElsewhere();
		}
		admitted.end(returned && AsyncEnd.isGood(reply.getStatus()));
	}

}
