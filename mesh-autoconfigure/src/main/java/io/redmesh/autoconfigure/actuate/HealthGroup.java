package io.redmesh.autoconfigure.actuate;

import java.util.TreeSet;

import io.redmesh.autoconfigure.registration.InstanceHealth;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.health.actuate.endpoint.HealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroup;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroups;

/** A health group of Actuator, judged as by a probe that requests it over HTTP. */
final class HealthGroup implements InstanceHealth {

	private static final String PROPERTY = "mesh.registration.health-group";

	private static final int FIRST_FAILURE = 400;

	private final String name;

	private final HealthEndpointGroup group;

	private final ObjectProvider<HealthEndpoint> endpoint;

	private HealthGroup(String name, HealthEndpointGroup group, ObjectProvider<HealthEndpoint> endpoint) {
		this.name = name;
		this.group = group;
		this.endpoint = endpoint;
	}

	static HealthGroup of(@Nullable String name, HealthEndpointGroups groups, ObjectProvider<HealthEndpoint> endpoint) {
		HealthEndpointGroup group = (name != null) ? groups.get(name) : null;
		if (name == null || group == null) {
			throw new InvalidConfigurationPropertyValueException(PROPERTY, name,
					"There is no such health group; there are " + new TreeSet<>(groups.getNames()));
		}
		return new HealthGroup(name, group, endpoint);
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public String check() {
		HealthDescriptor health = this.endpoint.getObject().healthForPath(this.name);
		if (health == null) {
			return "empty";
		}
		int status = this.group.getHttpCodeStatusMapper().getStatusCode(health.getStatus());
		return (status < FIRST_FAILURE) ? UP : health.getStatus().getCode();
	}

}
