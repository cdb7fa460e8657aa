package io.redmesh.autoconfigure.discovery;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import io.redmesh.autoconfigure.MeshProperties;
import io.redmesh.autoconfigure.RegistryConnectionDetails;
import io.redmesh.autoconfigure.ServiceName;
import io.redmesh.autoconfigure.registry.RegistryAutoConfiguration;
import io.redmesh.autoconfigure.registry.RegistryClient;
import io.redmesh.autoconfigure.registry.RegistryContact;
import io.redmesh.core.endpoint.EjectionPolicy;
import io.redmesh.core.endpoint.EndpointPools;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.time.Time;
import io.redmesh.core.time.Timer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;

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
	EndpointPools meshEndpointPools(Catalog catalog, Time time, ObjectProvider<EjectionPolicy> policy,
			MeshProperties properties) {
		EjectionPolicy ejection = policy.getIfAvailable(() -> EjectionPolicy.DEFAULT);
		return new EndpointPools(catalog, time, (service) -> ejection, properties.instance().locality().toCore());
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBooleanProperty(name = "mesh.discovery.enabled", matchIfMissing = true)
	WatchLoop meshWatchLoop(RegistryClient client, Catalog catalog, RegistryContact contact, Time time, Timer timer,
			MeshProperties properties) {
		return new WatchLoop(client, catalog, contact, time, timer, new Random(), properties.discovery().services());
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
	SnapshotKeeper meshSnapshotKeeper(Catalog catalog, Time time, Timer timer, MeshProperties properties,
			RegistryConnectionDetails connection, Environment environment) {
		Path directory = properties.discovery().snapshotDirectory();
		Path kept = (directory != null) ? directory
				: Path.of(System.getProperty("java.io.tmpdir"), "redmesh-" + System.getProperty("user.name"));
		String name = ServiceName.of(properties, environment).value();
		String service = name.isEmpty() ? "unnamed" : name.replaceAll("[^\\w.-]", "_");
		return SnapshotKeeper.start(new DiskSnapshot(kept, properties.namespace(), service, connection.urls(), time),
				catalog, timer);
	}

}
