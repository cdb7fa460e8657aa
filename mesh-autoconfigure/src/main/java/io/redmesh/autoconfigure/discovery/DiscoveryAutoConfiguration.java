package io.redmesh.autoconfigure.discovery;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

import io.redmesh.autoconfigure.MeshProperties;
import io.redmesh.autoconfigure.RegistryConnectionDetails;
import io.redmesh.autoconfigure.ServiceName;
import io.redmesh.autoconfigure.registry.RegistryAutoConfiguration;
import io.redmesh.autoconfigure.registry.RegistryClient;
import io.redmesh.autoconfigure.registry.RegistryContact;
import io.redmesh.autoconfigure.rule.RuleFiles;
import io.redmesh.autoconfigure.rule.RuleSources;
import io.redmesh.core.call.TrafficPolicies;
import io.redmesh.core.endpoint.EjectionPolicy;
import io.redmesh.core.endpoint.EndpointPools;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.time.Time;
import io.redmesh.core.time.Timer;
import io.redmesh.core.traffic.Client;
import io.redmesh.core.traffic.RuleBook;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.DependsOn;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;

/**
 * Auto-configuration of the catalog, its snapshot on disk, and the loop that updates it.
 */
@AutoConfiguration(after = RegistryAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "mesh.enabled", matchIfMissing = true)
public final class DiscoveryAutoConfiguration {

	private static final Logger logger = LoggerFactory.getLogger(DiscoveryAutoConfiguration.class);

	@Bean
	@ConditionalOnMissingBean
	Catalog meshCatalog(MeshProperties properties, ObjectProvider<StaticServices> sources) {
		Map<String, List<Instance>> byHand = new LinkedHashMap<>(properties.discovery().byHand());
		sources.orderedStream().forEach((each) -> each.instances().forEach(byHand::putIfAbsent));
		if (!byHand.isEmpty()) {
			logger.info("Services by hand, which the registry does not update: {}", byHand.keySet());
		}
		return new Catalog(byHand);
	}

	@Bean
	@ConditionalOnMissingBean
	RuleBook meshRuleBook(MeshProperties properties, Environment environment) {
		return new RuleBook(new Client(ServiceName.of(properties, environment).value(), properties.namespace(),
				properties.instance().labels(), Set.of()));
	}

	@Bean
	@Lazy(false)
	@ConditionalOnMissingBean
	RuleSources meshRuleSources(RuleBook book, MeshProperties properties, ResourceLoader resources) {
		return new RuleSources(book, RuleFiles.read(properties.rules().locations(), resources));
	}

	// No call is planned before the rules of this app are in force.
	@Bean
	@DependsOn("meshRuleSources")
	@ConditionalOnMissingBean
	EndpointPools meshEndpointPools(Catalog catalog, Time time, ObjectProvider<EjectionPolicy> policy,
			MeshProperties properties, RuleBook rules) {
		EjectionPolicy ejection = policy.getIfAvailable(() -> EjectionPolicy.DEFAULT);
		EndpointPools pools = new EndpointPools(catalog, time,
				(service) -> TrafficPolicies.ejection(ejection, rules.table(), service),
				properties.instance().locality().toCore());
		rules.listen((table) -> pools.refreshPolicies());
		return pools;
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBooleanProperty(name = "mesh.discovery.enabled", matchIfMissing = true)
	WatchLoop meshWatchLoop(RegistryClient client, Catalog catalog, RegistryContact contact, Time time, Timer timer,
			MeshProperties properties, RuleSources rules) {
		return new WatchLoop(client, catalog, contact, time, timer, new Random(), properties.discovery().services(),
				rules::received);
	}

	@Bean
	@ConditionalOnMissingBean
	FirstSnapshot meshFirstSnapshot(ObjectProvider<WatchLoop> watch, Catalog catalog, RegistryContact contact,
			Timer timer, MeshProperties properties) {
		return new FirstSnapshot(watch.getIfAvailable(), catalog, contact, timer, properties.discovery().startWait());
	}

	@Bean
	@Lazy(false)
	@ConditionalOnMissingBean
	@ConditionalOnBooleanProperty(name = "mesh.discovery.enabled", matchIfMissing = true)
	RefusedHints meshRefusedHints(RegistryClient client, Catalog catalog, EndpointPools pools, Timer timer) {
		RefusedHints hints = new RefusedHints(client, catalog, timer);
		pools.listen(hints);
		return hints;
	}

	@Bean
	@Lazy(false)
	@ConditionalOnMissingBean
	@ConditionalOnBooleanProperty(name = { "mesh.discovery.enabled", "mesh.discovery.snapshot-enabled" },
			matchIfMissing = true)
	SnapshotKeeper meshSnapshotKeeper(Catalog catalog, RuleSources rules, Time time, Timer timer,
			MeshProperties properties, RegistryConnectionDetails connection, Environment environment) {
		Path directory = properties.discovery().snapshotDirectory();
		Path kept = (directory != null) ? directory
				: Path.of(System.getProperty("java.io.tmpdir"), "redmesh-" + System.getProperty("user.name"));
		String name = ServiceName.of(properties, environment).value();
		String service = name.isEmpty() ? "unnamed" : name.replaceAll("[^\\w.-]", "_");
		return SnapshotKeeper.start(new DiskSnapshot(kept, properties.namespace(), service, connection.urls(), time),
				catalog, rules, timer);
	}

}
