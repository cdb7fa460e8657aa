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
 * What an app sets to become a member of the mesh.
 *
 * @param enabled Whether this app takes part in the mesh.
 * @param namespace Namespace of the registry that this app lives in. It sees nothing of
 * the others.
 * @param registry where the registry is
 * @param instance what this instance says of itself
 * @param registration how this app is registered
 * @param discovery how this app learns of the others
 */
@ConfigurationProperties("mesh")
public record MeshProperties(@DefaultValue("true") boolean enabled, @DefaultValue("default") String namespace,
		@DefaultValue Registry registry, @DefaultValue InstanceSettings instance,
		@DefaultValue Registration registration, @DefaultValue Discovery discovery) {

	public MeshProperties {
		Names.requireNamespace(namespace);
		// A lease is renewed when a third of it is over; one server that stays silent
		// must not cost the rest.
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
	 * Where the registry is.
	 *
	 * @param url Base URL of the registry, or of several of its servers. One that cannot
	 * be reached is skipped.
	 * @param connectTimeout Time that a connection to the registry may take.
	 * @param requestTimeout Time that the registry may take to answer; after each answer
	 * that did not come twice as long, up to four times.
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
		 * Returns the base URLs without a slash at their end.
		 * @return at least one
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
				// Said below, with what would have been right.
			}
			throw new InvalidValueException("url", url,
					"http or https, a host, and a port, such as http://registry:8761");
		}

	}

	/**
	 * What this instance says of itself.
	 *
	 * @param service Name of the service that this instance belongs to, by which other
	 * apps call it. By default spring.application.name.
	 * @param id Identifier of this instance, unique within its service. By default host
	 * and port; without a port, host and a random word.
	 * @param host Host name or IP address under which others reach this instance. By
	 * default the local address of the route to the registry; with TLS, a name of this
	 * machine that is in the certificate of the web server, unless the address is.
	 * @param port Port under which others reach this instance. By default the port of the
	 * web server.
	 * @param secure Whether others speak TLS to this instance. By default whether the web
	 * server does.
	 * @param weight Share of the calls that this instance takes relative to its peers.
	 * @param locality where this instance runs
	 * @param labels Labels that traffic rules and callers may select by.
	 * @param metadata Further facts for others to read.
	 */
	public record InstanceSettings(@Nullable String service, @Nullable String id, @Nullable String host,
			@Nullable Integer port, @Nullable Boolean secure, @DefaultValue("" + Instance.DEFAULT_WEIGHT) int weight,
			@DefaultValue Locality locality, @DefaultValue Map<String, String> labels,
			@DefaultValue Map<String, String> metadata) {

		public InstanceSettings {
			// Checks all of them, at the start rather than when the registry is reached.
			new Instance("unnamed", (id != null) ? id : "unnamed", (host != null) ? host : "unnamed",
					(port != null) ? port : 0, false, weight, locality.toCore(), labels, metadata, Status.UP, 0);
			labels = Map.copyOf(labels);
			metadata = Map.copyOf(metadata);
		}

	}

	/**
	 * Where this instance runs.
	 *
	 * @param region Region that this instance runs in. By default what the platform says:
	 * NOMAD_REGION, FLY_REGION, or AWS_REGION on ECS.
	 * @param zone Zone within the region. By default NOMAD_DC if the region is Nomad's
	 * too.
	 * @param subZone Part of the zone, such as a rack.
	 */
	public record Locality(@DefaultValue("") String region, @DefaultValue("") String zone,
			@DefaultValue("") String subZone) {

		/**
		 * Returns the fact that goes to the registry.
		 * @return the locality
		 */
		public io.redmesh.core.instance.Locality toCore() {
			return new io.redmesh.core.instance.Locality(this.region, this.zone, this.subZone);
		}

	}

	/**
	 * How this app is registered.
	 *
	 * @param enabled Whether this app is registered, so that others can call it.
	 * @param ttl Time after which the registry gives this instance up when it hears
	 * nothing of it.
	 * @param drain Time between telling the others that this instance leaves and closing
	 * its web server.
	 * @param healthGroup Health group of Actuator that decides beside the readiness
	 * whether callers use this instance. It is checked every 5 s, and the instance is
	 * DOWN in the registry after two checks in a row that a probe would take for a
	 * failure. What all instances depend on takes all of them away at once.
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
	 * How this app learns of the others.
	 *
	 * @param enabled Whether this app follows the registry.
	 * @param services Services to follow, at most 256. An asterisk means all of them.
	 * @param startWait Time that the start of the app may wait for the first answer of
	 * the registry, so that its first call finds the others. A registry that refuses is
	 * not waited for. A call that comes before the first list of services, such as one in
	 * a PostConstruct method, waits for the list as long at most.
	 * @param instances Services by hand: URLs of their instances by the name of the
	 * service, such as mesh.discovery.instances.orders=http://localhost:8099. They win
	 * over what the registry says of that service, and need no registry.
	 * @param snapshotEnabled Whether what was seen last is kept on disk for the next
	 * start.
	 * @param snapshotDirectory Directory for what was seen last. By default redmesh- and
	 * the name of this user, in the directory for temporary files.
	 */
	public record Discovery(@DefaultValue("true") boolean enabled, @DefaultValue(ALL) List<String> services,
			@DefaultValue("1s") Duration startWait, @DefaultValue Map<String, List<String>> instances,
			@DefaultValue("true") boolean snapshotEnabled, @Nullable Path snapshotDirectory) {

		/** Stands for all services. */
		public static final String ALL = "*";

		private static final int MAX_SERVICES = 256;

		private static final Duration MAX_START_WAIT = Duration.ofMinutes(1);

		public Discovery {
			if (services.isEmpty()) {
				throw new InvalidValueException("services", "", "names of services, or *");
			}
			if (services.size() > MAX_SERVICES) {
				// They stand in the first line of a request.
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
		 * Returns the services by hand.
		 * @return their instances, by the names of the services
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

}
