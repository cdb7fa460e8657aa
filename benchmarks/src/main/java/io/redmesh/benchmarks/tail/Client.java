package io.redmesh.benchmarks.tail;

/** The HTTP clients of Spring over which calls go. */
enum Client {

	JDK("JDK client", "JDK"),

	APACHE("Apache HttpClient 5", "HTTP_COMPONENTS"),

	REACTOR_NETTY("Reactor Netty", "REACTOR"),

	WEB_CLIENT("WebClient", "REACTOR");

	private final String title;

	private final String factory;

	Client(String title, String factory) {
		this.title = title;
		this.factory = factory;
	}

	String title() {
		return this.title;
	}

	/** Returns Spring Boot's name of the client. */
	String factory() {
		return this.factory;
	}

}
