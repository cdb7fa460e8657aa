package io.redmesh.registry.catalog;

import java.io.ByteArrayOutputStream;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The instances of one service at one moment. Immutable. Its JSON is encoded when it is
 * first used.
 */
public final class ServiceView {

	private final String service;

	private final long revision;

	private final List<CatalogInstance> instances;

	private volatile byte @Nullable [] json;

	ServiceView(String service, long revision, List<CatalogInstance> instances) {
		this.service = service;
		this.revision = revision;
		this.instances = instances;
	}

	/**
	 * Returns the view of a service without instances.
	 * @param service its name
	 * @return the view, at revision 0
	 */
	public static ServiceView empty(String service) {
		return new ServiceView(service, 0, List.of());
	}

	/** Returns the service's name. */
	public String service() {
		return this.service;
	}

	/** Returns the revision of the service's last change. */
	public long revision() {
		return this.revision;
	}

	/**
	 * Returns the instances.
	 * @return the instances, ordered by id
	 */
	public List<CatalogInstance> instances() {
		return this.instances;
	}

	/**
	 * Returns all instances in JSON.
	 * @return a JSON array, not to be changed
	 */
	public byte[] json() {
		byte[] made = this.json;
		if (made == null) {
			made = array(this.instances);
			this.json = made;
		}
		return made;
	}

	/**
	 * Joins encoded instances.
	 * @param instances the instances
	 * @return a JSON array
	 */
	public static byte[] array(List<CatalogInstance> instances) {
		int size = instances.stream().mapToInt((instance) -> instance.json().length + 1).sum();
		ByteArrayOutputStream bytes = new ByteArrayOutputStream(size + 2);
		bytes.write('[');
		for (int i = 0; i < instances.size(); i++) {
			if (i > 0) {
				bytes.write(',');
			}
			bytes.writeBytes(instances.get(i).json());
		}
		bytes.write(']');
		return bytes.toByteArray();
	}

}
