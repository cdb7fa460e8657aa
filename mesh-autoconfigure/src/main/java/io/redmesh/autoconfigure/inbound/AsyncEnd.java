package io.redmesh.autoconfigure.inbound;

import java.time.Duration;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import io.redmesh.core.time.Timer;

/**
 * Ends a request that is answered by another thread than the one that it came with. Its
 * place is given back after a while in any case: not every container tells of each end,
 * and who waits for something to happen is no load.
 */
final class AsyncEnd implements AsyncListener {

	/** How long it takes a place at most. */
	static final Duration PATIENCE = Duration.ofSeconds(5);

	private final Admitted admitted;

	private final HttpServletResponse response;

	private final Timer.Scheduled patience;

	private volatile boolean failed;

	private AsyncEnd(Admitted admitted, HttpServletResponse response, Timer timer) {
		this.admitted = admitted;
		this.response = response;
		this.patience = timer.schedule(PATIENCE, admitted::goesOnElsewhere);
	}

	/**
	 * Ends a request when it is complete.
	 * @param request the request, which another thread answers
	 * @param reply its answer
	 * @param admitted what to end
	 * @param timer ends patience
	 * @return false if it is complete already
	 */
	static boolean follow(HttpServletRequest request, ReplyHeaders reply, Admitted admitted, Timer timer) {
		AsyncEnd end = new AsyncEnd(admitted, (HttpServletResponse) reply.getResponse(), timer);
		try {
			request.getAsyncContext().addListener(end);
			return true;
		}
		catch (IllegalStateException ex) {
			end.patience.cancel();
			return false;
		}
	}

	static boolean isGood(int status) {
		return status < HttpServletResponse.SC_BAD_REQUEST;
	}

	@Override
	public void onComplete(AsyncEvent event) {
		this.patience.cancel();
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
		// It begins anew, and has forgotten who listened.
		event.getAsyncContext().addListener(this);
	}

}
