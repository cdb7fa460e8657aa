package io.redmesh.autoconfigure;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.InvalidValueException;
import io.redmesh.core.instance.Names;
import io.redmesh.core.instance.Status;
import io.redmesh.core.registry.Lease;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties of an app that takes part in the mesh.
 *
 * @param enabled Whether this app takes part in the mesh.
 * @param namespace Namespace of the registry in which this app registers and looks up
 * services. Apps of other namespaces are invisible to it.
 * @param registry Servers of the registry and the timeouts of requests to them.
 * @param instance Description of this instance in the registry.
 * @param registration Settings of this app's registration.
 * @param discovery Settings for following the registry's list of services.
 * @param rules Traffic rules of this app alone.
 */
@ConfigurationProperties("mesh")
public record MeshProperties(@DefaultValue("true") boolean enabled, @DefaultValue("default") String namespace,
		@DefaultValue Registry registry, @DefaultValue InstanceSettings instance,
		@DefaultValue Registration registration, @DefaultValue Discovery discovery, @DefaultValue Rules rules) {

	public MeshProperties {
		Names.requireNamespace(namespace);
		// A lease is renewed after a third of its TTL. A single server that does not
		// respond must not use up the rest of it.
		if (registry.requestTimeout().multipliedBy(3).compareTo(registration.ttl().multipliedBy(2)) > 0) {
			throw new InvalidValueException("registration.ttl", registration.ttl(),
					"at least one and a half times mesh.registry.request-timeout, which is "
							+ registry.requestTimeout());
		}
	}

	private static void requireRange(String field, Duration value, Duration min, Duration max) {
		if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
			throw new InvalidValueException(field, value, min + " to " + max);
		}
	}

	/**
	 * The servers of the registry.
	 *
	 * @param url Base URL of the registry, or of several of its servers. A server that
	 * cannot be reached is skipped.
	 * @param connectTimeout Timeout of a connection attempt to the registry.
	 * @param requestTimeout Timeout of a request to the registry. Each request that times
	 * out, and each connection that fails, doubles it, up to four times the value. A
	 * response resets it.
	 */
	public record Registry(@DefaultValue("http://localhost:8761") List<String> url,
			@DefaultValue("1s") Duration connectTimeout, @DefaultValue("2s") Duration requestTimeout) {

		private static final Duration MIN_TIMEOUT = Duration.ofMillis(10);

		private static final Duration MAX_TIMEOUT = Duration.ofMinutes(1);

		public Registry {
			if (url.isEmpty()) {
				throw new InvalidValueException("url", "", "at least one URL such as http://registry:8761");
			}
			url.forEach(Registry::parse);
			url = List.copyOf(url);
			requireRange("connectTimeout", connectTimeout, MIN_TIMEOUT, MAX_TIMEOUT);
			requireRange("requestTimeout", requestTimeout, MIN_TIMEOUT, MAX_TIMEOUT);
		}

		/**
		 * Returns the base URLs, each without a trailing slash.
		 * @return at least one URL
		 */
		public List<URI> uris() {
			return this.url.stream().map(Registry::parse).toList();
		}

		private static URI parse(String url) {
			try {
				String text = url.strip();
				URI uri = new URI(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
				boolean web = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
				if (web && uri.getHost() != null && uri.getRawQuery() == null && uri.getRawFragment() == null) {
					return uri;
				}
			}
			catch (URISyntaxException ex) {
				// Reported below, with the permitted form.
			}
			throw new InvalidValueException("url", url,
					"http or https, a host, and a port, such as http://registry:8761");
		}

	}

	/**
	 * The description of this instance in the registry.
	 *
	 * @param service Name of the service that this instance belongs to, by which other
	 * apps call it. By default spring.application.name.
	 * @param id Identifier of this instance, unique within its service. By default host
	 * and port; without a port, host and a random word.
	 * @param host Host name or IP address under which callers reach this instance. By
	 * default the local address of the route to the registry. With TLS and a certificate
	 * for another host, a name of this machine from that certificate.
	 * @param port Port under which callers reach this instance. By default the port of
	 * the web server.
	 * @param secure Whether callers connect to this instance by TLS. By default whether
	 * the web server uses TLS.
	 * @param weight Share of the calls that this instance receives, relative to its
	 * peers. Zero means no calls while another candidate has a higher weight.
	 * @param locality Region and zone in which this instance runs.
	 * @param labels Labels that traffic rules and callers may select by.
	 * @param metadata Further facts about this instance for other apps to read.
	 */
	public record InstanceSettings(@Nullable String service, @Nullable String id, @Nullable String host,
			@Nullable Integer port, @Nullable Boolean secure, @DefaultValue("" + Instance.DEFAULT_WEIGHT) int weight,
			@DefaultValue Locality locality, @DefaultValue Map<String, String> labels,
			@DefaultValue Map<String, String> metadata) {

		public InstanceSettings {
			// Checks all values at the start, rather than when the registry is reached.
			new Instance("unnamed", (id != null) ? id : "unnamed", (host != null) ? host : "unnamed",
					(port != null) ? port : 0, false, weight, locality.toCore(), labels, metadata, Status.UP, 0);
			labels = Map.copyOf(labels);
			metadata = Map.copyOf(metadata);
		}

	}

	/**
	 * The region and zone in which this instance runs.
	 *
	 * @param region Region in which this instance runs. By default the platform's value:
	 * NOMAD_REGION, FLY_REGION, or AWS_REGION on ECS.
	 * @param zone Zone within the region. By default NOMAD_DC, if the region is taken
	 * from NOMAD_REGION.
	 * @param subZone Part of the zone, such as a rack.
	 */
	public record Locality(@DefaultValue("") String region, @DefaultValue("") String zone,
			@DefaultValue("") String subZone) {

		/**
		 * Returns the locality in the form that the registry stores.
		 * @return the locality
		 */
		public io.redmesh.core.instance.Locality toCore() {
			return new io.redmesh.core.instance.Locality(this.region, this.zone, this.subZone);
		}

	}

	/**
	 * The settings of this app's registration.
	 *
	 * @param enabled Whether this app registers, so that other apps can call it.
	 * @param ttl Duration of this instance's lease. The registry evicts an instance that
	 * has not renewed its lease for so long.
	 * @param drain Time between announcing DRAINING to callers and deregistering. The
	 * instance goes on serving meanwhile, and its web server closes afterwards. Zero
	 * deregisters at once.
	 * @param healthGroup Health group of Actuator that, beside the readiness, decides
	 * whether callers use this instance. It is checked every 5 s. After two checks in a
	 * row with a status that fails a probe, the instance is DOWN in the registry. Leave
	 * out what all instances depend on: its failure would take all of them out of service
	 * at once.
	 */
	public record Registration(@DefaultValue("true") boolean enabled, @DefaultValue("15s") Duration ttl,
			@DefaultValue("1s") Duration drain, @Nullable String healthGroup) {

		private static final Duration MAX_DRAIN = Duration.ofMinutes(5);

		public Registration {
			requireRange("ttl", ttl, Lease.MIN_TTL, Lease.MAX_TTL);
			requireRange("drain", drain, Duration.ZERO, MAX_DRAIN);
		}

	}

	/**
	 * The settings for following the registry's list of services.
	 *
	 * @param enabled Whether this app follows the registry.
	 * @param services Services to follow, at most 256. An asterisk means all services.
	 * @param startWait Time that the start of the app waits for the first response of the
	 * registry, so that its first call finds the services. The wait ends early once every
	 * server of the registry has failed. A call before the first list of services, such
	 * as one in a PostConstruct method, waits for the list as long at most. Zero disables
	 * both waits.
	 * @param instances Services by hand: URLs of their instances by the name of the
	 * service, such as mesh.discovery.instances.orders=http://localhost:8099. They
	 * replace what the registry lists for that service, and need no registry.
	 * @param snapshotEnabled Whether the last list of services is kept on disk for the
	 * next start.
	 * @param snapshotDirectory Directory for the last list of services. By default
	 * redmesh- and the name of the operating system's user, in the directory for
	 * temporary files.
	 */
	public record Discovery(@DefaultValue("true") boolean enabled, @DefaultValue(ALL) List<String> services,
			@DefaultValue("1s") Duration startWait, @DefaultValue Map<String, List<String>> instances,
			@DefaultValue("true") boolean snapshotEnabled, @Nullable Path snapshotDirectory) {

		/** The value that stands for all services. */
		public static final String ALL = "*";

		private static final int MAX_SERVICES = 256;

		private static final Duration MAX_START_WAIT = Duration.ofMinutes(1);

		public Discovery {
			if (services.isEmpty()) {
				throw new InvalidValueException("services", "", "names of services, or *");
			}
			if (services.size() > MAX_SERVICES) {
				// The names are sent in the request line of the watch, whose length
				// servers limit.
				throw new InvalidValueException("services", services.size() + " services",
						"at most " + MAX_SERVICES + " services, or *");
			}
			services.forEach(Discovery::check);
			services = services.contains(ALL) ? List.of(ALL) : List.copyOf(services);
			requireRange("startWait", startWait, Duration.ZERO, MAX_START_WAIT);
			instances = Map.copyOf(instances);
			InstancesByHand.of(instances);
		}

		/**
		 * Returns the services that are configured by hand.
		 * @return their instances, by service name
		 */
		public Map<String, List<Instance>> byHand() {
			return InstancesByHand.of(this.instances);
		}

		private static void check(String service) {
			try {
				Names.requireService(service.equals(ALL) ? "all" : service);
			}
			catch (InvalidValueException ex) {
				throw new InvalidValueException("services", service, ex.permitted());
			}
		}

	}

	/**
	 * The traffic rules of this app alone.
	 *
	 * @param locations Files with traffic rules in YAML for this app alone, such as
	 * classpath:rules.yaml or file:/etc/redmesh/*.yaml. A rule takes the place of the
	 * registry's rule with the same kind and name. The files are read at the start.
	 */
	public record Rules(@DefaultValue List<String> locations) {

		public Rules {
			for (String location : locations) {
				if (!location.startsWith("classpath:") && !location.startsWith("classpath*:")
						&& !location.startsWith("file:")) {
					throw new InvalidValueException("locations", location,
							"classpath: or file:, and a path, such as classpath:rules.yaml");
				}
			}
			locations = List.copyOf(locations);
		}

	}

}
