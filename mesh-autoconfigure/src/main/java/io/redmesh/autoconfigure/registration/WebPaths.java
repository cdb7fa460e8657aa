package io.redmesh.autoconfigure.registration;

import org.springframework.boot.web.context.reactive.ReactiveWebApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.web.context.WebApplicationContext;

/**
 * The paths below which the app's web server serves, empty or with a leading slash only.
 *
 * @param context the path of the whole app
 * @param dispatcher the path of Spring MVC below it
 */
record WebPaths(String context, String dispatcher) {

	/** Returns the paths that the properties set for the kind of a context. */
	static WebPaths of(ApplicationContext context) {
		Environment environment = context.getEnvironment();
		if (context instanceof WebApplicationContext) {
			return new WebPaths(path(environment, "server.servlet.context-path"),
					path(environment, "spring.mvc.servlet.path"));
		}
		return (context instanceof ReactiveWebApplicationContext)
				? new WebPaths(path(environment, "spring.webflux.base-path"), "") : new WebPaths("", "");
	}

	private static String path(Environment environment, String property) {
		return clean(environment.getProperty(property, ""));
	}

	/**
	 * Returns a path as Spring Boot writes it: with a leading slash and no trailing one.
	 */
	static String clean(String path) {
		String stripped = path.strip();
		int end = stripped.length();
		while (end > 0 && stripped.charAt(end - 1) == '/') {
			end--;
		}
		return (end == 0 || stripped.startsWith("/")) ? stripped.substring(0, end) : "/" + stripped.substring(0, end);
	}

}
