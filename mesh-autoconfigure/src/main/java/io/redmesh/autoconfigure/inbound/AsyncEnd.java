package io.redmesh.autoconfigure.inbound;

import java.time.Duration;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import io.redmesh.core.time.Timer;

/**
 * The end of a request that another thread answers. After a while it stops counting as in
 * flight in any case. Not every container reports each end, and a request that waits for
 * an event is no load.
 */
final class AsyncEnd implements AsyncListener {

	/** The maximum time that such a request counts as in flight. */
	static final Duration PATIENCE = Duration.ofSeconds(5);

	private final Admitted admitted;

	private final HttpServletResponse response;

	private final Timer.Scheduled timeout;

	private volatile boolean failed;

	private AsyncEnd(Admitted admitted, HttpServletResponse response, Timer timer) {
		this.admitted = admitted;
		this.response = response;
		this.timeout = timer.schedule(PATIENCE, admitted::releaseSlot);
	}

	/**
	 * Ends a request when the container reports its completion.
	 * @param request the request, which another thread answers
	 * @param reply its response
	 * @param admitted the request to end
	 * @param timer stops counting it as in flight after {@link #PATIENCE}
	 * @return false if the request is complete already
	 */
	static boolean follow(HttpServletRequest request, ReplyHeaders reply, Admitted admitted, Timer timer) {
		AsyncEnd end = new AsyncEnd(admitted, (HttpServletResponse) reply.getResponse(), timer);
		try {
			request.getAsyncContext().addListener(end);
			return true;
		}
		catch (IllegalStateException ex) {
			end.timeout.cancel();
			return false;
		}
	}

	static boolean isGood(int status) {
		return status < HttpServletResponse.SC_BAD_REQUEST;
	}

	@Override
	public void onComplete(AsyncEvent event) {
		this.timeout.cancel();
		boolean good = false;
		try {
			good = !this.failed && isGood(this.response.getStatus());
		}
		finally {
			this.admitted.end(good);
		}
	}

	@Override
	public void onTimeout(AsyncEvent event) {
		this.failed = true;
	}

	@Override
	public void onError(AsyncEvent event) {
		this.failed = true;
		Throwable failure = event.getThrowable();
		if (failure != null) {
			this.admitted.served().failedWith(failure);
		}
	}

	@Override
	public void onStartAsync(AsyncEvent event) {
		// A new asynchronous cycle begins without listeners.
		event.getAsyncContext().addListener(this);
	}

}
