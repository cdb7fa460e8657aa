package io.redmesh.autoconfigure;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.InvalidValueException;
import io.redmesh.core.instance.Locality;
import io.redmesh.core.instance.Names;
import io.redmesh.core.instance.Status;
import org.jspecify.annotations.Nullable;

/**
 * Services that are configured by hand, as URLs of their instances, instead of read from
 * a registry.
 */
public final class InstancesByHand {

	private static final int HTTP = 80;

	private static final int HTTPS = 443;

	private InstancesByHand() {
	}

	/**
	 * Reads the URLs of instances.
	 * @param urls the URLs of instances, by service name
	 * @return the instances, by service name; a service without URLs is left out
	 * @throws InvalidValueException if a name or a URL is not permitted
	 */
	static Map<String, List<Instance>> of(Map<String, List<String>> urls) {
		Map<String, List<Instance>> services = new LinkedHashMap<>();
		urls.forEach((name, each) -> {
			if (!each.isEmpty()) {
				String field = "instances." + name;
				String service = service(field, name);
				List<Instance> instances = new ArrayList<>();
				for (String url : each) {
					instances.add(parse(field, service, url, instances.size() + 1));
				}
				services.put(service, List.copyOf(instances));
			}
		});
		return services;
	}

	private static String service(String field, String name) {
		try {
			return Names.requireService(name.toLowerCase(Locale.ROOT));
		}
		catch (InvalidValueException ex) {
			throw new InvalidValueException(field, name, ex.permitted());
		}
	}

	private static Instance parse(String field, String service, String url, int number) {
		try {
			URI uri = new URI(url.strip());
			boolean secure = "https".equalsIgnoreCase(uri.getScheme());
			boolean root = "".equals(uri.getRawPath()) || "/".equals(uri.getRawPath());
			if (root && (secure || "http".equalsIgnoreCase(uri.getScheme())) && uri.getHost() != null
					&& uri.getRawQuery() == null && uri.getRawFragment() == null) {
				return instance(service, null, number, uri.getHost(), uri.getPort(), secure, Map.of());
			}
		}
		catch (URISyntaxException | InvalidValueException ex) {
			// Reported below, with the permitted form.
		}
		throw new InvalidValueException(field, url, "http or https, a host, and a port, such as http://localhost:8099");
	}

	/**
	 * Creates an instance from its address.
	 * @param service the name of its service
	 * @param id its id, or null to make one from its number
	 * @param number its position among the instances of its service
	 * @param host its host; an IPv6 address with or without brackets
	 * @param port its port; a negative one means the default port of the scheme
	 * @param secure whether callers connect by TLS
	 * @param metadata its metadata
	 * @return the instance
	 * @throws InvalidValueException if a value is not permitted
	 */
	public static Instance instance(String service, @Nullable String id, int number, String host, int port,
			boolean secure, Map<String, String> metadata) {
		String plain = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
		int open = (port >= 0) ? port : secure ? HTTPS : HTTP;
		return new Instance(service, (id != null) ? id : "static-" + number, plain, open, secure,
				Instance.DEFAULT_WEIGHT, Locality.UNKNOWN, Map.of(), metadata, Status.UP, 0);
	}

}
