package io.redmesh.autoconfigure.restclient;

import java.time.Duration;
import java.util.concurrent.TimeoutException;

import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;

import org.springframework.boot.http.client.JettyClientHttpRequestFactoryBuilder;
import org.springframework.http.client.JettyClientHttpRequestFactory;

/**
 * Jetty's HTTP client, tuned for attempts. An attempt is aborted when its timeout is
 * over, because closing its response waits for the rest of it.
 * <p>
 * The client is started before any call, on daemon threads, which keep no app alive.
 * Otherwise the first call would start it. If that call is interrupted because its
 * timeout is over, the client may wait for itself for ever, and then all further calls
 * wait for it.
 */
final class JettyClient {

	/**
	 * The read timeout where the app has set none. Spring's default is 10 s, which Jetty
	 * takes for the whole exchange, and so cuts off large responses. An attempt has a
	 * timeout of its own.
	 */
	static final Duration NO_READ_TIMEOUT = Duration.ofDays(1);

	private static final String NAME = "mesh-jetty-client";

	private JettyClient() {
	}

	static JettyClientHttpRequestFactoryBuilder tune(JettyClientHttpRequestFactoryBuilder builder) {
		return builder.withHttpClientCustomizer(JettyClient::prepare).withCustomizer(JettyClient::start);
	}

	private static void prepare(HttpClient client) {
		QueuedThreadPool threads = new QueuedThreadPool();
		threads.setName(NAME);
		threads.setDaemon(true);
		client.setExecutor(threads);
		client.setScheduler(new ScheduledExecutorScheduler(NAME + "-scheduler", true));
		// Called by the thread that sends the request.
		client.getRequestListeners().addQueuedListener(JettyClient::limit);
	}

	private static void limit(Request request) {
		TimeLimit limit = TimeLimit.current();
		if (limit != null) {
			limit.cancelBy(() -> abort(request));
		}
	}

	@SuppressWarnings("FutureReturnValueIgnored") // the request fails, nothing else
	private static void abort(Request request) {
		request.abort(new TimeoutException("The attempt timed out"));
	}

	private static void start(JettyClientHttpRequestFactory factory) {
		try {
			factory.afterPropertiesSet();
		}
		catch (Exception ex) {
			throw new IllegalStateException("Cannot start Jetty's HTTP client", ex);
		}
	}

}
