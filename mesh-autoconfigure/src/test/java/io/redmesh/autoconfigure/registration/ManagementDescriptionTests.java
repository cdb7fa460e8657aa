package io.redmesh.autoconfigure.registration;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

import io.redmesh.autoconfigure.RegistryServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of real apps that register at a real registry. Their targets are scraped as
 * Prometheus would, and their health is requested as Spring Boot Admin would.
 */
class ManagementDescriptionTests {

	private static final String SHARED_PATHS = "--server.servlet.context-path=/shop --spring.webflux.base-path=/shop";

	@TempDir
	static Path directory;

	private static RegistryServer registry;

	private static HttpClient http;

	private static int apps;

	@BeforeAll
	static void start() throws Exception {
		registry = new RegistryServer();
		SSLContext tls = SSLContext.getInstance("TLS");
		tls.init(null, new TrustManager[] { new TrustsAll() }, new SecureRandom());
		http = HttpClient.newBuilder().sslContext(tls).build();
		Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
				"-genkeypair", "-alias", "app", "-keyalg", "EC", "-dname", "CN=localhost", "-ext",
				"san=ip:127.0.0.1,ip:127.0.0.2", "-storetype", "PKCS12", "-keystore", store(), "-storepass", "secret")
			.inheritIO()
			.start();
		assertThat(keytool.waitFor()).isZero();
	}

	@AfterAll
	static void stop() {
		registry.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", SHARED_PATHS + " --spring.mvc.servlet.path=/mvc/",
			"--management.endpoints.web.base-path=/ --management.endpoints.web.path-mapping.prometheus=scrape",
			"--server.ssl.key-store=STORE --server.ssl.key-store-password=secret",
			"--management.server.port=0 --management.server.base-path=/ops --management.endpoints.web.base-path=/manage "
					+ SHARED_PATHS,
			"--management.server.port=0 --server.ssl.key-store=STORE --server.ssl.key-store-password=secret",
			"--management.server.port=0 --management.server.ssl.enabled=false --server.ssl.key-store=STORE --server.ssl.key-store-password=secret",
			"--management.server.port=0 --management.server.ssl.key-store=STORE --management.server.ssl.key-store-password=secret",
			"--management.server.port=0 --management.server.address=127.0.0.2" })
	void appIsScrapedAndItsHealthIsReadAtTheRegisteredPaths(String properties) throws Exception {
		for (WebApplicationType type : List.of(WebApplicationType.SERVLET, WebApplicationType.REACTIVE)) {
			try (ConfigurableApplicationContext app = run(type, "health,prometheus", properties)) {
				String service = service(app);
				JsonNode target = targets(service).get(0);
				JsonNode labels = target.path("labels");
				HttpResponse<String> metrics = get(labels.path("__scheme__").asString() + "://"
						+ target.at("/targets/0").asString() + labels.path("__metrics_path__").asString());
				assertThat(metrics.statusCode()).as("%s %s: %s", type, properties, target).isEqualTo(200);
				assertThat(metrics.body()).contains("mesh_registry_connected");
				assertThat(labels.path("__meta_redmesh_status").asString()).isEqualTo("UP");
				JsonNode instance = registry.instances(service).get(0);
				assertThat(get(healthUrl(instance)).statusCode()).as("%s %s: %s", type, properties, instance)
					.isEqualTo(200);
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "--management.server.port=-1", "--management.endpoints.web.exposure.exclude=prometheus",
			"--management.endpoint.prometheus.access=none", "--management.endpoints.access.max-permitted=none",
			"--management.prometheus.metrics.export.enabled=false",
			"--mesh.instance.host=192.0.2.1 --management.server.port=0 --management.server.address=127.0.0.1",
			"--mesh.instance.metadata[prometheus.path]=" })
	void appThatCannotBeScrapedIsNoTarget(String properties) throws Exception {
		try (ConfigurableApplicationContext app = run(WebApplicationType.SERVLET, "*", properties)) {
			assertThat(targets(service(app))).as(properties).isEmpty();
			assertThat(registry.instances(service(app)).get(0).at("/metadata/prometheus.path").asString(""))
				.as(properties)
				.isEmpty();
		}
	}

	@Test
	void endpointThatIsNotExposedIsNoTarget() throws Exception {
		try (ConfigurableApplicationContext app = run(WebApplicationType.SERVLET, "health", "")) {
			assertThat(targets(service(app))).isEmpty();
			assertThat(get(healthUrl(registry.instances(service(app)).get(0))).statusCode()).isEqualTo(200);
		}
	}

	private static ConfigurableApplicationContext run(WebApplicationType type, String exposed, String properties) {
		String service = "app-" + ++apps;
		List<String> arguments = new ArrayList<>(List.of("--spring.application.name=" + service, "--server.port=0",
				"--mesh.registry.url=" + registry.url(), "--mesh.registration.drain=0s",
				"--mesh.discovery.snapshot-directory=" + directory, "--spring.config.name=none",
				"--management.health.redis.enabled=false", "--management.endpoints.web.exposure.include=" + exposed));
		if (type == WebApplicationType.REACTIVE) {
			// Tomcat is on the class path for the servlet apps.
			arguments.add("--spring.autoconfigure.exclude="
					+ "org.springframework.boot.tomcat.autoconfigure.reactive.TomcatReactiveWebServerAutoConfiguration,"
					+ "org.springframework.boot.tomcat.autoconfigure.actuate.web.server.TomcatReactiveManagementContextAutoConfiguration");
		}
		for (String property : properties.split(" ")) {
			if (!property.isEmpty()) {
				arguments.add(property.replace("STORE", store()));
			}
		}
		ConfigurableApplicationContext app = new SpringApplicationBuilder(App.class).web(type)
			.run(arguments.toArray(String[]::new));
		await().until(() -> registry.instances(service).size() == 1);
		return app;
	}

	private static String service(ConfigurableApplicationContext app) {
		return app.getEnvironment().getProperty("spring.application.name");
	}

	/**
	 * Returns the scrape targets of a service. The registry lists none before it is sure
	 * that no instance is missing.
	 */
	private static List<JsonNode> targets(String service) {
		await().atMost(Duration.ofMinutes(1))
			.until(() -> get(registry.url() + "/v1/sd/prometheus").statusCode() == 200);
		List<JsonNode> targets = new ArrayList<>();
		for (JsonNode target : JsonMapper.shared().readTree(get(registry.url() + "/v1/sd/prometheus").body())) {
			if (target.at("/labels/service").asString().equals(service)) {
				targets.add(target);
			}
		}
		return targets;
	}

	/** Returns the health URL that Spring Boot Admin builds from the metadata. */
	private static String healthUrl(JsonNode instance) {
		JsonNode metadata = instance.path("metadata");
		String own = instance.path("secure").asBoolean() ? "https" : "http";
		return "%s://%s:%s%s/health".formatted(metadata.path("management.scheme").asString(own),
				metadata.path("management.address").asString(instance.path("host").asString()),
				metadata.path("management.port").asString(instance.path("port").asString()),
				metadata.path("management.context-path").asString("/actuator").replaceAll("/$", ""));
	}

	private static HttpResponse<String> get(String uri) {
		try {
			return http.send(HttpRequest.newBuilder(URI.create(uri)).build(), BodyHandlers.ofString());
		}
		catch (Exception ex) {
			throw new IllegalStateException(uri, ex);
		}
	}

	private static String store() {
		return directory.resolve("app.p12").toString();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class App {

	}

	/**
	 * A trust manager that trusts every certificate. It is an extended one, so that no
	 * check of the host name follows.
	 */
	private static final class TrustsAll extends X509ExtendedTrustManager {

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {
		}

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
		}

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String type) {
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String type) {
		}

		@Override
		public X509Certificate[] getAcceptedIssuers() {
			return new X509Certificate[0];
		}

	}

}
