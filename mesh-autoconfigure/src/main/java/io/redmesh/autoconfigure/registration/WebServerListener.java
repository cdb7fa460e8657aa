package io.redmesh.autoconfigure.registration;

import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;

/** Learns the ports from the web servers themselves, so that random ones are right. */
final class WebServerListener implements ApplicationListener<WebServerInitializedEvent> {

	private final ServerPorts ports;

	private final ApplicationContext context;

	WebServerListener(ServerPorts ports, ApplicationContext context) {
		this.ports = ports;
		this.context = context;
	}

	@Override
	public void onApplicationEvent(WebServerInitializedEvent event) {
		int port = event.getWebServer().getPort();
		if (WebServerApplicationContext.hasServerNamespace(event.getApplicationContext(), "management")) {
			this.ports.managementListens(port);
		}
		// Events of child contexts reach their parents too.
		else if (event.getApplicationContext() == this.context) {
			this.ports.appListens(port);
		}
	}

}
