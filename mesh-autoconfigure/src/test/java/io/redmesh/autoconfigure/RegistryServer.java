package io.redmesh.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;

import io.redmesh.core.net.StablePorts;
import io.redmesh.registry.RegistryServerApplication;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The real registry server with its store in memory, in this process. */
public final class RegistryServer implements AutoCloseable {

	private final HttpClient http = HttpClient.newHttpClient();

	private final int port;

	private final ConfigurableApplicationContext context;

	public RegistryServer() {
		this(StablePorts.free());
	}

	public RegistryServer(int port) {
		this.port = port;
		this.context = new SpringApplicationBuilder(RegistryServerApplication.class).web(WebApplicationType.REACTIVE)
			.run("--server.port=" + port, "--mesh.enabled=false", "--mesh.server.store=memory",
					"--spring.application.name=registry", "--spring.lifecycle.timeout-per-shutdown-phase=2s",
					// The server runs on Netty; Tomcat is on the class path for the apps.
					"--spring.autoconfigure.exclude="
							+ "org.springframework.boot.tomcat.autoconfigure.reactive.TomcatReactiveWebServerAutoConfiguration");
	}

	public int port() {
		return this.port;
	}

	public String url() {
		return "http://127.0.0.1:" + this.port;
	}

	/**
	 * Returns the instances of a service as the registry lists them, or an empty list if
	 * the registry knows no such service.
	 */
	public List<JsonNode> instances(String service) {
		List<JsonNode> instances = new ArrayList<>();
		HttpResponse<String> response = get(url() + "/v1/namespaces/default/services/" + service);
		if (response.statusCode() == 200) {
			JsonMapper.shared().readTree(response.body()).path("instances").forEach(instances::add);
		}
		return instances;
	}

	private HttpResponse<String> get(String uri) {
		try {
			return this.http.send(HttpRequest.newBuilder(URI.create(uri)).build(), BodyHandlers.ofString());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void close() {
		this.context.close();
	}

}
