package io.redmesh.autoconfigure.registration;

import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadPoolExecutor;

import io.redmesh.autoconfigure.MeshProperties;
import io.redmesh.autoconfigure.MeshThreads;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Status;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/** What this instance says of itself: properties first, then what the process can see. */
final class SelfDescription implements Self, AutoCloseable {

	private static final boolean ACTUATOR = ClassUtils
		.isPresent("org.springframework.boot.actuate.endpoint.annotation.Endpoint", null);

	private final String service;

	private final MeshProperties.InstanceSettings settings;

	private final Environment environment;

	private final ServerPorts ports;

	private final List<URI> registry;

	private final @Nullable String version;

	/** Names are resolved here, which blocks. */
	private final ThreadPoolExecutor executor = MeshThreads.executor("mesh-self", 1);

	private volatile @Nullable String id;

	SelfDescription(String service, MeshProperties.InstanceSettings settings, Environment environment,
			ServerPorts ports, List<URI> registry, @Nullable String version) {
		this.service = service;
		this.settings = settings;
		this.environment = environment;
		this.ports = ports;
		this.registry = registry;
		this.version = version;
	}

	@Override
	public CompletionStage<Instance> describe() {
		return CompletableFuture.supplyAsync(this::now, this.executor);
	}

	private Instance now() {
		Integer configured = this.settings.port();
		int port = (configured != null) ? configured : this.ports.app();
		String host = host();
		return new Instance(this.service, id(host, port), host, port, secure(), this.settings.weight(),
				this.settings.locality().toCore(), labels(), metadata(), Status.UP, 0);
	}

	private String host() {
		String configured = this.settings.host();
		if (configured != null) {
			LocalAddress.requireReachable(configured, "mesh.instance.host", this.registry);
			return configured;
		}
		String bound = this.environment.getProperty("server.address");
		if (bound != null && !isWildcard(bound)) {
			LocalAddress.requireReachable(bound, "server.address", this.registry);
			return bound;
		}
		String local = LocalAddress.towards(this.registry);
		if (local == null) {
			throw new UncheckedIOException(new NoRouteToHostException("no route to " + this.registry));
		}
		return local;
	}

	private static boolean isWildcard(String address) {
		try {
			return InetAddress.getByName(address).isAnyLocalAddress();
		}
		catch (UnknownHostException ex) {
			return false;
		}
	}

	/** Once chosen the id stays, even when the machine moves to another network. */
	private String id(String host, int port) {
		String configured = this.settings.id();
		if (configured != null) {
			return configured;
		}
		String chosen = this.id;
		if (chosen == null) {
			// An id begins with a letter or digit, an IPv6 address may begin with a
			// colon.
			String start = host.startsWith(":") ? "0" + host : host;
			chosen = start + ((port > 0) ? ":" + port : "-" + ProcessName.word());
			this.id = chosen;
		}
		return chosen;
	}

	private boolean secure() {
		Boolean configured = this.settings.secure();
		if (configured != null) {
			return configured;
		}
		boolean enabled = this.environment.getProperty("server.ssl.enabled", Boolean.class, true);
		return enabled && Binder.get(this.environment)
			.bind("server.ssl", Bindable.mapOf(String.class, Object.class))
			.isBound();
	}

	private Map<String, String> labels() {
		Map<String, String> labels = new LinkedHashMap<>(this.settings.labels());
		if (this.version != null) {
			labels.putIfAbsent("version", this.version);
		}
		return labels;
	}

	private Map<String, String> metadata() {
		Map<String, String> metadata = new LinkedHashMap<>(this.settings.metadata());
		String context = path("server.servlet.context-path") + path("spring.webflux.base-path");
		Integer management = this.ports.management();
		if (management != null) {
			metadata.putIfAbsent("management.port", String.valueOf(management));
		}
		if (!context.isEmpty()) {
			metadata.putIfAbsent("context-path", context);
		}
		if (!ACTUATOR) {
			return metadata;
		}
		String base = (management != null) ? path("management.server.base-path") : context;
		metadata.putIfAbsent("management.context-path",
				base + this.environment.getProperty("management.endpoints.web.base-path", "/actuator"));
		return metadata;
	}

	private String path(String property) {
		String path = this.environment.getProperty(property, "");
		return path.equals("/") ? "" : path;
	}

	@Override
	public void close() {
		this.executor.shutdown();
	}

}
