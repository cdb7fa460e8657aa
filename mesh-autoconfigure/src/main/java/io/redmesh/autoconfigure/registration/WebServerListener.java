package io.redmesh.autoconfigure.registration;

import java.util.Collection;

import org.springframework.boot.web.server.AbstractConfigurableWebServerFactory;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;

/**
 * A listener that takes the ports from the web servers themselves, so that random ports
 * are right.
 */
final class WebServerListener implements ApplicationListener<WebServerInitializedEvent> {

	private final ServerPorts ports;

	private final ApplicationContext context;

	WebServerListener(ServerPorts ports, ApplicationContext context) {
		this.ports = ports;
		this.context = context;
	}

	/**
	 * Records the port of a web server. Events of child contexts reach their parents too.
	 */
	@Override
	public void onApplicationEvent(WebServerInitializedEvent event) {
		int port = event.getWebServer().getPort();
		ApplicationContext origin = event.getApplicationContext();
		if (origin == this.context) {
			this.ports.appListens(port, isSecure(origin));
		}
		else if (origin.getParent() == this.context
				&& WebServerApplicationContext.hasServerNamespace(origin, "management")) {
			this.ports.managementListens(port, isSecure(origin));
		}
	}

	/**
	 * Returns whether the server of a context uses TLS. Asks the context's own factory,
	 * since its parent has the factory of another server. An app may set TLS in a
	 * customizer, without any property.
	 */
	private static boolean isSecure(ApplicationContext context) {
		Collection<AbstractConfigurableWebServerFactory> factories = context
			.getBeansOfType(AbstractConfigurableWebServerFactory.class)
			.values();
		return factories.size() == 1 && Ssl.isEnabled(factories.iterator().next().getSsl());
	}

}
