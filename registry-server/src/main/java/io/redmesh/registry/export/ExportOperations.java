package io.redmesh.registry.export;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

import io.netty.handler.codec.http.HttpMethod;
import io.redmesh.registry.catalog.Namespaces;
import io.redmesh.registry.rest.Operations;
import io.redmesh.registry.rest.Reply;
import reactor.core.publisher.Mono;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;

/** The operations for other systems. */
@Configuration(proxyBeanMethods = false)
class ExportOperations {

	@Bean
	Operations exports(Namespaces namespaces) {
		PrometheusTargets targets = new PrometheusTargets(namespaces);
		byte[] description = description();
		return Operations.builder()
			.add(HttpMethod.GET, "/v1/sd/prometheus", targets::targets)
			.add(HttpMethod.GET, "/openapi", MediaType.APPLICATION_YAML,
					(request) -> Mono
						.just(Reply.bytes(HttpStatus.OK, MediaType.APPLICATION_YAML_VALUE, List.of(description))))
			.build();
	}

	private static byte[] description() {
		try {
			return new ClassPathResource("openapi.yaml").getContentAsByteArray();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
