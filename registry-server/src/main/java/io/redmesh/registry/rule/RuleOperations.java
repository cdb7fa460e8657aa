package io.redmesh.registry.rule;

import io.micrometer.core.instrument.MeterRegistry;
import io.netty.handler.codec.http.HttpMethod;
import io.redmesh.registry.catalog.Namespaces;
import io.redmesh.registry.rest.Operations;
import io.redmesh.registry.store.RegistryStore;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The operations of traffic rules. */
@Configuration(proxyBeanMethods = false)
class RuleOperations {

	private static final String RULES = "/v1/namespaces/{ns}/rules";

	private static final String RULE = RULES + "/{kind}/{name}";

	@Bean
	Operations rules(RegistryStore store, Namespaces namespaces, RuleProperties properties, MeterRegistry meters) {
		RuleWriteHandler write = new RuleWriteHandler(store.rules(), namespaces, properties, meters);
		RuleReadHandler read = new RuleReadHandler(store.rules(), namespaces, properties);
		return Operations.builder()
			.add(HttpMethod.GET, RULES, RuleReadHandler.TYPES, read::all)
			.add(HttpMethod.GET, RULES + ":status", read::status)
			.add(HttpMethod.POST, RULES + ":apply", write::apply)
			.add(HttpMethod.POST, RULES + ":analyze", read::analyze)
			.add(HttpMethod.GET, RULE, RuleReadHandler.TYPES, read::one)
			.add(HttpMethod.PUT, RULE, write::put)
			.add(HttpMethod.DELETE, RULE, write::delete)
			.add(HttpMethod.GET, RULE + "/history", read::history)
			.add(HttpMethod.POST, RULE + "/rollback", write::rollback)
			.build();
	}

}
