package io.redmesh.autoconfigure.inbound;

import java.util.concurrent.BlockingQueue;

import org.apache.tomcat.util.threads.ThreadPoolExecutor;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;

/**
 * The requests that wait for a thread of Tomcat, in the queue of its executor. A request
 * is in the queue from the moment at which its first bytes can be read.
 */
final class TomcatRequests implements WaitingRequests, ApplicationListener<WebServerInitializedEvent> {

	private final ApplicationContext app;

	private volatile @Nullable BlockingQueue<Runnable> queue;

	/**
	 * Creates a count that is zero until the server has started.
	 * @param app the context of the app; its other ports have threads of their own
	 */
	TomcatRequests(ApplicationContext app) {
		this.app = app;
	}

	@Override
	public void onApplicationEvent(WebServerInitializedEvent event) {
		if (event.getApplicationContext() == this.app && event.getWebServer() instanceof TomcatWebServer server
				&& server.getTomcat()
					.getConnector()
					.getProtocolHandler()
					.getExecutor() instanceof ThreadPoolExecutor executor) {
			this.queue = executor.getQueue();
		}
	}

	@Override
	public int count() {
		BlockingQueue<Runnable> waiting = this.queue;
		return (waiting != null) ? waiting.size() : 0;
	}

}
