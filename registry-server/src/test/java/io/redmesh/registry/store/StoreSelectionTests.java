package io.redmesh.registry.store;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;

import io.redmesh.core.time.Time;
import io.redmesh.core.time.Timer;
import io.redmesh.registry.store.memory.MemoryRegistryStore;
import io.redmesh.registry.store.memory.MemoryStoreAutoConfiguration;
import io.redmesh.registry.store.redis.RedisStoreAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.netty.resources.LoopResources;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;

class StoreSelectionTests {

	private final ApplicationContextRunner context = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(RedisStoreAutoConfiguration.class, MemoryStoreAutoConfiguration.class,
				DataRedisAutoConfiguration.class, SslAutoConfiguration.class))
		.withBean(LoopResources.class, () -> LoopResources.create("test-loop"))
		.withBean(Time.class, Time::system)
		.withBean(Timer.class, () -> Timer.start("test-timer"));

	@Test
	void withoutAConfiguredRedisTheStoreIsMemory() {
		assertKind(this.context, "memory");
		assertKind(this.context.withPropertyValues("spring.data.redis.timeout=1s"), "memory");
	}

	@ParameterizedTest
	@ValueSource(strings = { "url=redis://127.0.0.1:1", "host=127.0.0.1", "port=1", "cluster.nodes=127.0.0.1:1",
			"cluster.nodes[0]=127.0.0.1:1" })
	void withAConfiguredRedisTheStoreIsRedis(String property) {
		assertKind(this.context.withPropertyValues("spring.data.redis." + property), "redis");
	}

	@Test
	void withSentinelTheStoreIsRedis() {
		assertKind(this.context.withPropertyValues("spring.data.redis.sentinel.master=m",
				"spring.data.redis.sentinel.nodes=127.0.0.1:1"), "redis");
	}

	@Test
	void withAServiceConnectionTheStoreIsRedis() {
		assertKind(this.context.withBean(DataRedisConnectionDetails.class, ServiceConnection::new), "redis");
	}

	@Test
	void propertyIsStrongerThanWhatIsConfigured() {
		assertKind(this.context.withPropertyValues("mesh.server.store=redis", "spring.data.redis.timeout=1s"), "redis");
		assertKind(this.context.withPropertyValues("mesh.server.store=memory", "spring.data.redis.host=127.0.0.1"),
				"memory");
	}

	@Test
	void staticNodesOfAMasterAndItsReplicasAreRefused() {
		this.context.withPropertyValues("spring.data.redis.masterreplica.nodes=127.0.0.1:1,127.0.0.1:2")
			.run((started) -> assertThat(started).getFailure()
				.rootCause()
				.isInstanceOf(InvalidConfigurationPropertyValueException.class)
				.hasMessageContaining("spring.data.redis.masterreplica.nodes"));
	}

	@Test
	void unknownKindIsRefused() {
		this.context.withPropertyValues("mesh.server.store=etcd")
			.run((started) -> assertThat(started).getFailure().hasStackTraceContaining("mesh.server.store"));
	}

	@Test
	void otherStoreTakesTheirPlace() {
		this.context.withBean("mine", RegistryStore.class, () -> new MemoryRegistryStore(Time.system()))
			.withPropertyValues("spring.data.redis.host=127.0.0.1")
			.run((started) -> assertThat(started).getBeanNames(RegistryStore.class).containsExactly("mine"));
	}

	@Test
	void memoryNeverConnects() throws IOException {
		try (ServerSocketChannel redis = ServerSocketChannel.open()) {
			redis.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)).configureBlocking(false);
			int port = ((InetSocketAddress) redis.getLocalAddress()).getPort();
			assertKind(this.context.withPropertyValues("mesh.server.store=memory", "spring.data.redis.port=" + port),
					"memory");
			assertThat(redis.accept()).isNull();
		}
	}

	@Test
	void commandsWaitTwoSecondsUnlessConfigured() {
		this.context.withPropertyValues("spring.data.redis.host=127.0.0.1", "spring.data.redis.port=1")
			.run((started) -> {
				LettuceConnectionFactory connections = started.getBean(LettuceConnectionFactory.class);
				assertThat(connections.getTimeout()).isEqualTo(2000);
				assertThat(connections.getRequiredNativeClient().getOptions().getSocketOptions().getConnectTimeout())
					.isEqualTo(Duration.ofSeconds(2));
			});
		this.context.withPropertyValues("spring.data.redis.port=1", "spring.data.redis.timeout=700ms")
			.run((started) -> assertThat(started.getBean(LettuceConnectionFactory.class).getTimeout()).isEqualTo(700));
	}

	private static void assertKind(ApplicationContextRunner context, String kind) {
		context.run((started) -> assertThat(started.getBean(RegistryStore.class).kind()).isEqualTo(kind));
	}

	private static final class ServiceConnection implements DataRedisConnectionDetails {

		@Override
		public Standalone getStandalone() {
			return Standalone.of("127.0.0.1", 1);
		}

	}

}
