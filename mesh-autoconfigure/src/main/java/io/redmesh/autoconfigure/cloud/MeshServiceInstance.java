package io.redmesh.autoconfigure.cloud;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;

import io.redmesh.core.instance.Instance;

import org.springframework.cloud.client.ServiceInstance;

/** An instance as Spring Cloud sees it. Its metadata also hold the instance's labels. */
public class MeshServiceInstance implements ServiceInstance {

	private final Instance instance;

	private final Map<String, String> metadata;

	/**
	 * Wraps an instance.
	 * @param instance the instance
	 */
	public MeshServiceInstance(Instance instance) {
		this.instance = instance;
		Map<String, String> all = new LinkedHashMap<>(instance.labels());
		all.putAll(instance.metadata());
		this.metadata = Map.copyOf(all);
	}

	/**
	 * Returns the wrapped instance.
	 * @return the instance
	 */
	public Instance instance() {
		return this.instance;
	}

	@Override
	public String getInstanceId() {
		return this.instance.id();
	}

	@Override
	public String getServiceId() {
		return this.instance.service();
	}

	@Override
	public String getHost() {
		return this.instance.host();
	}

	@Override
	public int getPort() {
		return this.instance.port();
	}

	@Override
	public boolean isSecure() {
		return this.instance.secure();
	}

	@Override
	public String getScheme() {
		return this.instance.secure() ? "https" : "http";
	}

	@Override
	public URI getUri() {
		return URI.create(getScheme() + "://" + this.instance.authority());
	}

	@Override
	public Map<String, String> getMetadata() {
		return this.metadata;
	}

	@Override
	public boolean equals(Object other) {
		return other instanceof MeshServiceInstance that && this.instance.equals(that.instance);
	}

	@Override
	public int hashCode() {
		return this.instance.hashCode();
	}

	@Override
	public String toString() {
		return this.instance.toString();
	}

}
