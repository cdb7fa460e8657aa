package io.redmesh.autoconfigure.cloud;

import java.net.URI;
import java.util.Map;

import io.redmesh.autoconfigure.ServiceName;
import io.redmesh.autoconfigure.registration.RegistrationJournal;
import io.redmesh.core.instance.Instance;
import org.jspecify.annotations.Nullable;

import org.springframework.cloud.client.serviceregistry.Registration;

/** This app's own registration as Spring Cloud sees it, in its current state. */
final class MeshRegistration implements Registration {

	private final ServiceName service;

	private final RegistrationJournal journal;

	MeshRegistration(ServiceName service, RegistrationJournal journal) {
		this.service = service;
		this.journal = journal;
	}

	@Nullable Instance registered() {
		return this.journal.state().registered();
	}

	@Override
	public String getServiceId() {
		return this.service.value();
	}

	@Override
	public @Nullable String getInstanceId() {
		Instance instance = registered();
		return (instance != null) ? instance.id() : null;
	}

	@Override
	public String getHost() {
		Instance instance = registered();
		return (instance != null) ? instance.host() : "";
	}

	@Override
	public int getPort() {
		Instance instance = registered();
		return (instance != null) ? instance.port() : 0;
	}

	@Override
	public boolean isSecure() {
		Instance instance = registered();
		return instance != null && instance.secure();
	}

	@Override
	public URI getUri() {
		Instance instance = registered();
		if (instance != null) {
			return new MeshServiceInstance(instance).getUri();
		}
		String name = this.service.permitted();
		return URI.create("http://" + ((name != null) ? name : "localhost"));
	}

	@Override
	public Map<String, String> getMetadata() {
		Instance instance = registered();
		return (instance != null) ? new MeshServiceInstance(instance).getMetadata() : Map.of();
	}

}
