package io.redmesh.autoconfigure.registration;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadPoolExecutor;

import io.redmesh.autoconfigure.MeshProperties;
import io.redmesh.autoconfigure.MeshThreads;
import io.redmesh.autoconfigure.ServiceName;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Names;
import io.redmesh.core.instance.Status;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.web.context.WebApplicationContext;

/**
 * The description of this instance, made of its properties and of what the process finds
 * by itself.
 */
final class SelfDescription implements Self, AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(SelfDescription.class);

	private final ServiceName service;

	private final MeshProperties.InstanceSettings settings;

	private final Environment environment;

	private final boolean web;

	private final ServerPorts ports;

	private final AnnouncedHost host;

	private final @Nullable String version;

	private final InstanceDetails details;

	private final WebPaths paths;

	private final @Nullable ManagementDescription management;

	private final FoundEntries foundLabels = new FoundEntries("labels", Names.MAX_LABEL);

	private final FoundEntries foundMetadata = new FoundEntries("metadata", Names.MAX_METADATA);

	/** The thread that describes this instance, since resolving names blocks. */
	private final ThreadPoolExecutor executor = MeshThreads.executor("mesh-self", 1);

	private volatile @Nullable String id;

	private boolean warned;

	SelfDescription(ApplicationContext context, MeshProperties properties, ServerPorts ports, List<URI> registry,
			@Nullable String version, InstanceDetails details, @Nullable ManagementDescription management) {
		this.environment = context.getEnvironment();
		this.web = context instanceof WebApplicationContext;
		this.service = ServiceName.of(properties, this.environment);
		this.settings = properties.instance();
		this.ports = ports;
		this.host = new AnnouncedHost(this.settings.host(), this.environment, ports, registry);
		this.version = version;
		this.details = details;
		this.paths = WebPaths.of(context);
		this.management = management;
	}

	/** Returns the reason why this app can never register, or null if there is none. */
	@Nullable String problem() {
		return this.service.problem();
	}

	/** Sets the listener that is called when the description changes. */
	void onChange(Runnable listener) {
		this.details.onChange(listener);
	}

	@Override
	public CompletionStage<Instance> describe() {
		return CompletableFuture.supplyAsync(this::describeNow, this.executor);
	}

	private Instance describeNow() {
		Integer configured = this.settings.port();
		int port = (configured != null) ? configured : this.ports.app();
		boolean tls = speaksTls();
		boolean secure = (this.settings.secure() != null) ? this.settings.secure() : tls;
		AnnouncedHost.Choice host = this.host.find(tls && secure);
		MeshProperties.InstanceSettings current = this.details.now();
		if (port == 0 && configured == null && this.web) {
			warnOfUnknownPort();
		}
		return new Instance(this.service.value(), id(host.address(), port), host.host(), port, secure, current.weight(),
				this.settings.locality().toCore(), this.foundLabels.addTo(current.labels(), labels()),
				this.foundMetadata.addTo(current.metadata(), metadata(host.host())), Status.UP, 0);
	}

	private void warnOfUnknownPort() {
		if (!this.warned) {
			this.warned = true;
			logger.warn("This app serves requests, but has no port of its own to register, as in a servlet container "
					+ "or on a Unix domain socket. No app can call it. Set mesh.instance.port to the port that callers "
					+ "reach, and mesh.instance.secure=true if they speak TLS to it");
		}
	}

	/**
	 * Returns the id. Once chosen it stays, even if the machine moves to another network.
	 */
	private String id(String host, int port) {
		String configured = this.settings.id();
		if (configured != null) {
			return configured;
		}
		String chosen = this.id;
		if (chosen == null) {
			// An id begins with a letter or digit, an IPv6 address perhaps with a colon.
			String start = host.startsWith(":") ? "0" + host : host;
			String end = (port > 0) ? ":" + port : "-" + ProcessName.word();
			chosen = (start.length() + end.length() <= Names.MAX_ID) ? start + end
					: start.substring(0, Names.MAX_ID / 2) + "-" + Integer.toHexString(start.hashCode()) + end;
			this.id = chosen;
		}
		return chosen;
	}

	private boolean speaksTls() {
		if (this.ports.secure()) {
			return true;
		}
		boolean enabled = this.environment.getProperty("server.ssl.enabled", Boolean.class, true);
		return enabled && Binder.get(this.environment)
			.bind("server.ssl", Bindable.mapOf(String.class, Object.class))
			.isBound();
	}

	private Map<String, String> labels() {
		return (this.version != null) ? Map.of("version", this.version) : Map.of();
	}

	private Map<String, String> metadata(String host) {
		Map<String, String> metadata = new LinkedHashMap<>();
		if (!this.paths.context().isEmpty()) {
			metadata.put("context-path", this.paths.context());
		}
		if (this.management != null) {
			metadata.putAll(this.management.metadata(this.ports, host, this.paths));
		}
		return metadata;
	}

	@Override
	public void close() {
		this.executor.shutdown();
	}

}
