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
 * Jetty's client, made fit for attempts: an attempt is aborted when its time is over,
 * since closing its answer waits for what is left of it; and the client is started before
 * any call, on threads that keep no app alive. The first call would start it otherwise,
 * and when that call is interrupted because its time is over, the client may wait for
 * itself for ever, and all further calls for the client.
 */
final class JettyClient {

	/**
	 * Where the app has set none. Spring's is 10 s, which Jetty takes for the time of the
	 * whole exchange, and so cuts off what is large. An attempt has a limit of its own.
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
		// Called by the thread that sends it.
		client.getRequestListeners().addQueuedListener(JettyClient::limit);
	}

	private static void limit(Request request) {
		TimeLimit limit = TimeLimit.current();
		if (limit != null) {
			limit.cancelBy(() -> abort(request));
		}
	}

	@SuppressWarnings("FutureReturnValueIgnored") // the request fails, which is all
	private static void abort(Request request) {
		request.abort(new TimeoutException("The attempt took too long"));
	}

	private static void start(JettyClientHttpRequestFactory factory) {
		try {
			factory.afterPropertiesSet();
		}
		catch (Exception ex) {
			throw new IllegalStateException("Jetty's client cannot be started", ex);
		}
	}

}
