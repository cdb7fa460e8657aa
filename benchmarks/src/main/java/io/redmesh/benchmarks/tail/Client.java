package io.redmesh.benchmarks.tail;

/** Over which of Spring's clients the calls go. */
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

	/** As Boot calls it. */
	String factory() {
		return this.factory;
	}

}
