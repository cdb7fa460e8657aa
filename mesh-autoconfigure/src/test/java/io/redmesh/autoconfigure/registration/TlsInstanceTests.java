package io.redmesh.autoconfigure.registration;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import io.redmesh.autoconfigure.RegistryServer;
import io.redmesh.autoconfigure.call.MeshClient;
import io.redmesh.autoconfigure.discovery.DiscoveryAutoConfiguration;
import io.redmesh.autoconfigure.registry.RegistryAutoConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.web.server.ConfigurableWebServerFactory;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Tests of apps that serve TLS, against the real registry server. */
@ExtendWith(OutputCaptureExtension.class)
class TlsInstanceTests {

	@TempDir
	static Path directory;

	private static final RegistryServer registry = new RegistryServer();

	private final Deque<ConfigurableApplicationContext> open = new ArrayDeque<>();

	@AfterEach
	void close() {
		while (!this.open.isEmpty()) {
			this.open.pop().close();
		}
	}

	@AfterAll
	static void closeRegistry() {
		registry.close();
	}

	@ParameterizedTest
	@CsvSource({ "by-name, 'dns:localhost', localhost", "by-address, 'dns:a.invalid,ip:127.0.0.1', 127.0.0.1",
			"by-second, 'dns:*.b.invalid,dns:a.invalid,dns:localhost', localhost" })
	void callerFindsTheHostThatItConnectsToInTheCertificate(String service, String alternatives, String host,
			CapturedOutput output) {
		Path store = TestCertificates.create(directory, service, alternatives);
		start(Whole.class, WebApplicationType.SERVLET, service, tls(store));
		assertThat(registered(service).path("host").asString()).isEqualTo(host);
		assertThat(registered(service).path("id").asString()).startsWith("127.0.0.1:");
		assertThat(registered(service).path("secure").asBoolean()).isTrue();
		assertThat(output).doesNotContain("The certificate of this server");
		var caller = start(Whole.class, WebApplicationType.NONE, "caller", "--spring.http.clients.ssl.bundle=trust",
				"--spring.ssl.bundle.jks.trust.truststore.location=" + TestCertificates.trust(store).toUri(),
				"--spring.ssl.bundle.jks.trust.truststore.password=" + TestCertificates.PASSWORD);
		assertThat(
				caller.getBean(Caller.class).client.get().uri("http://" + service + "/").retrieve().body(String.class))
			.isEqualTo("secure: true");
	}

	@Test
	void certificateOfABundleIsUsed() {
		Path store = TestCertificates.create(directory, "any", "dns:localhost");
		start(Bare.class, WebApplicationType.SERVLET, "bundled", "--server.ssl.bundle=web",
				"--spring.ssl.bundle.jks.web.keystore.location=" + store.toUri(),
				"--spring.ssl.bundle.jks.web.keystore.password=" + TestCertificates.PASSWORD);
		assertThat(registered("bundled").path("host").asString()).isEqualTo("localhost");
	}

	@Test
	void serverThatWantsACertificateOfItsCallersShowsItsOwn() {
		Path store = TestCertificates.create(directory, "any", "dns:localhost");
		List<String> arguments = new ArrayList<>(List.of(tls(store)));
		arguments.addAll(List.of("--server.ssl.client-auth=need",
				"--server.ssl.trust-store=" + TestCertificates.trust(store).toUri(),
				"--server.ssl.trust-store-password=" + TestCertificates.PASSWORD));
		start(Bare.class, WebApplicationType.SERVLET, "mutual", arguments.toArray(String[]::new));
		assertThat(registered("mutual").path("host").asString()).isEqualTo("localhost");
	}

	@Test
	void withoutAlternativeNamesTheCommonNameIsUsed() {
		Path store = TestCertificates.create(directory, "localhost", "");
		start(Bare.class, WebApplicationType.SERVLET, "common", tls(store));
		assertThat(registered("common").path("host").asString()).isEqualTo("localhost");
	}

	@Test
	void reactiveServerIsNoDifferent() {
		Path store = TestCertificates.create(directory, "any", "dns:localhost");
		start(BareReactive.class, WebApplicationType.REACTIVE, "reactive", tls(store));
		assertThat(registered("reactive").path("host").asString()).isEqualTo("localhost");
		assertThat(registered("reactive").path("secure").asBoolean()).isTrue();
	}

	@Test
	void tlsThatACustomizerSetsIsSeen() {
		Path store = TestCertificates.create(directory, "any", "dns:localhost");
		start(Customized.class, WebApplicationType.SERVLET, "customized", "--test.store=" + store.toUri());
		assertThat(registered("customized").path("host").asString()).isEqualTo("localhost");
		assertThat(registered("customized").path("secure").asBoolean()).isTrue();
	}

	@Test
	void certificateForOtherHostsIsWarnedOfOnce(CapturedOutput output) {
		Path store = TestCertificates.create(directory, "any", "dns:a.invalid,dns:*.b.invalid");
		start(Bare.class, WebApplicationType.SERVLET, "stranger", tls(store));
		assertThat(registered("stranger").path("host").asString()).isEqualTo("127.0.0.1");
		await().untilAsserted(() -> assertThat(output).contains("Registered stranger"));
		assertThat(output)
			.containsOnlyOnce("The certificate of this server is for [a.invalid, *.b.invalid], but this "
					+ "instance registers as 127.0.0.1")
			.contains("Set mesh.instance.host");
	}

	@Test
	void configuredHostWinsAndIsWarnedOfWhenTheCertificateIsForAnother(CapturedOutput output) {
		Path store = TestCertificates.create(directory, "any", "dns:localhost");
		List<String> arguments = new ArrayList<>(List.of(tls(store)));
		arguments.add("--mesh.instance.host=127.0.0.1");
		start(Bare.class, WebApplicationType.SERVLET, "stubborn", arguments.toArray(String[]::new));
		assertThat(registered("stubborn").path("host").asString()).isEqualTo("127.0.0.1");
		await().untilAsserted(() -> assertThat(output).contains("Registered stubborn"));
		assertThat(output).containsOnlyOnce("is for [localhost], but this instance registers as 127.0.0.1");
	}

	private static String[] tls(Path store) {
		return new String[] { "--server.ssl.key-store=" + store.toUri(),
				"--server.ssl.key-store-password=" + TestCertificates.PASSWORD };
	}

	private static JsonNode registered(String service) {
		return await().until(() -> registry.instances(service), (instances) -> instances.size() == 1).get(0);
	}

	private ConfigurableApplicationContext start(Class<?> app, WebApplicationType type, String service,
			String... more) {
		List<String> arguments = new ArrayList<>(List.of("--spring.application.name=" + service, "--server.port=0",
				"--mesh.registry.url=" + registry.url(), "--spring.config.name=none",
				"--mesh.discovery.snapshot-directory=" + directory, "--mesh.registration.drain=0s"));
		arguments.addAll(List.of(more));
		var context = new SpringApplicationBuilder(app).web(type).run(arguments.toArray(String[]::new));
		this.open.push(context);
		return context;
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ Caller.class, Answering.class })
	static class Whole {

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ ApplicationAvailabilityAutoConfiguration.class, SslAutoConfiguration.class,
			TomcatServletWebServerAutoConfiguration.class, RegistryAutoConfiguration.class,
			DiscoveryAutoConfiguration.class, RegistrationAutoConfiguration.class })
	static class Bare {

	}

	@Configuration(proxyBeanMethods = false)
	@Import(Bare.class)
	static class Customized {

		@Bean
		WebServerFactoryCustomizer<ConfigurableWebServerFactory> tls(Environment environment) {
			return (factory) -> {
				Ssl ssl = new Ssl();
				ssl.setKeyStore(environment.getRequiredProperty("test.store"));
				ssl.setKeyStorePassword(TestCertificates.PASSWORD);
				factory.setSsl(ssl);
			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ ApplicationAvailabilityAutoConfiguration.class, SslAutoConfiguration.class,
			NettyReactiveWebServerAutoConfiguration.class, RegistryAutoConfiguration.class,
			DiscoveryAutoConfiguration.class, RegistrationAutoConfiguration.class })
	static class BareReactive {

		@Bean
		HttpHandler httpHandler() {
			return (request, response) -> response.setComplete();
		}

	}

	static class Caller {

		final RestClient client;

		Caller(@MeshClient RestClient.Builder builder) {
			this.client = builder.build();
		}

	}

	@RestController
	static class Answering {

		@GetMapping("/")
		String answer(jakarta.servlet.ServletRequest request) {
			return "secure: " + request.isSecure();
		}

	}

}
