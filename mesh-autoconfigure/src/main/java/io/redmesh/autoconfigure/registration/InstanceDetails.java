package io.redmesh.autoconfigure.registration;

import java.util.LinkedHashMap;
import java.util.Map;

import io.redmesh.autoconfigure.MeshProperties.InstanceSettings;
import org.jspecify.annotations.Nullable;

/**
 * The weight, labels and metadata of this instance, which the app may change while it
 * runs. Values that are set here win over the properties. A change reaches the registry
 * within a second, and then every app of the namespace, so do not publish any
 * measurements here.
 * <p>
 * A value that is not permitted fails with
 * {@link io.redmesh.core.instance.InvalidValueException} and changes nothing. Safe for
 * use by many threads.
 */
public final class InstanceDetails {

	private InstanceSettings configured;

	private Changes changes = new Changes(null, Map.of(), Map.of());

	private volatile InstanceSettings now;

	private volatile Runnable listener = () -> {
	};

	InstanceDetails(InstanceSettings configured) {
		this.configured = configured;
		this.now = configured;
	}

	/**
	 * Sets the weight.
	 * @param weight the weight, 0 to 10000, or null for the configured one
	 */
	public synchronized void weight(@Nullable Integer weight) {
		apply(this.configured, new Changes(weight, this.changes.labels, this.changes.metadata));
	}

	/**
	 * Sets a label.
	 * @param key the key
	 * @param value the value, or null for the configured one if there is any
	 */
	public synchronized void label(String key, @Nullable String value) {
		apply(this.configured,
				new Changes(this.changes.weight, with(this.changes.labels, key, value), this.changes.metadata));
	}

	/**
	 * Sets an entry of the metadata.
	 * @param key the key
	 * @param value the value, or null for the configured one if there is any
	 */
	public synchronized void metadata(String key, @Nullable String value) {
		apply(this.configured,
				new Changes(this.changes.weight, this.changes.labels, with(this.changes.metadata, key, value)));
	}

	/**
	 * Takes weight, labels and metadata from changed properties. All other properties
	 * take a restart.
	 * @param settings the properties
	 */
	public synchronized void configure(InstanceSettings settings) {
		apply(settings, this.changes);
	}

	private void apply(InstanceSettings settings, Changes next) {
		InstanceSettings before = this.now;
		this.now = next.over(settings);
		this.configured = settings;
		this.changes = next;
		if (!this.now.equals(before)) {
			this.listener.run();
		}
	}

	private static Map<String, String> with(Map<String, String> entries, String key, @Nullable String value) {
		Map<String, String> next = new LinkedHashMap<>(entries);
		if (value != null) {
			next.put(key, value);
		}
		else {
			next.remove(key);
		}
		return next;
	}

	/** Returns the current settings. Only weight, labels and metadata are of use. */
	InstanceSettings now() {
		return this.now;
	}

	/** Sets the listener that is called at each change. */
	void onChange(Runnable listener) {
		this.listener = listener;
	}

	/** The values that the app has set on top of the configured ones. */
	private record Changes(@Nullable Integer weight, Map<String, String> labels, Map<String, String> metadata) {

		InstanceSettings over(InstanceSettings settings) {
			Map<String, String> labels = new LinkedHashMap<>(settings.labels());
			labels.putAll(this.labels);
			Map<String, String> metadata = new LinkedHashMap<>(settings.metadata());
			metadata.putAll(this.metadata);
			return new InstanceSettings(settings.service(), settings.id(), settings.host(), settings.port(),
					settings.secure(), (this.weight != null) ? this.weight : settings.weight(), settings.locality(),
					labels, metadata);
		}

	}

}
