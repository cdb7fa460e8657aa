package io.redmesh.benchmarks.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.redmesh.benchmarks.load.JvmArguments;
import io.redmesh.benchmarks.load.RegistryRequests;
import io.redmesh.benchmarks.load.Sample;
import io.redmesh.benchmarks.peers.Population.Member;
import io.redmesh.chaos.process.JavaProcess;
import io.redmesh.chaos.process.Ports;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.curator.retry.RetryOneTime;
import org.apache.curator.x.discovery.ServiceCache;
import org.apache.curator.x.discovery.ServiceDiscovery;
import org.apache.curator.x.discovery.ServiceDiscoveryBuilder;
import org.apache.curator.x.discovery.ServiceInstance;
import org.apache.curator.x.discovery.details.ServiceCacheListener;
import org.jspecify.annotations.Nullable;

/**
 * A ZooKeeper with its defaults, used through Curator's service discovery. Each
 * connection is a session, which holds many instances.
 */
final class ZooKeeperPeer implements Peer {

	private static final String PAYLOAD = RegistryRequests.metadata();

	private final String address;

	private final JavaProcess server;

	private List<Session> sessions = List.of();

	private String service = "";

	private ZooKeeperPeer(String address, JavaProcess server) {
		this.address = address;
		this.server = server;
	}

	static ZooKeeperPeer start(Path directory) throws IOException {
		int port = Ports.free();
		Path data = Files.createTempDirectory(directory, "zookeeper");
		Path configuration = Files.writeString(data.resolve("zoo.cfg"), """
				dataDir=%s
				clientPort=%d
				clientPortAddress=127.0.0.1
				tickTime=2000
				admin.enableServer=false
				""".formatted(data, port));
		JavaProcess server = new JavaProcess(directory, "zookeeper",
				JvmArguments.of("-Dlogback.configurationFile=io/redmesh/benchmarks/peers/logback.xml", "-cp",
						JavaProcess.classPath(), "org.apache.zookeeper.server.ZooKeeperServerMain",
						configuration.toString()));
		server.start();
		return new ZooKeeperPeer("127.0.0.1:" + port, server);
	}

	@Override
	public String name() {
		return "ZooKeeper";
	}

	@Override
	public List<ProcessHandle> processes() {
		return List.of(this.server.handle());
	}

	@Override
	public void awaitReady() throws Exception {
		Session.open(this.address).close();
	}

	@Override
	public Sample register(Population population) throws Exception {
		List<ServiceInstance<String>> instances = new ArrayList<>();
		for (Member member : population.members()) {
			instances.add(instance(member));
		}
		this.sessions = open(REGISTRARS);
		this.service = population.service(0);
		return BlockingLoad.run(REGISTRARS, instances.size(), Long.MAX_VALUE, (connection, number) -> {
			this.sessions.get(connection).discovery().registerService(instances.get(number));
			return true;
		});
	}

	private static ServiceInstance<String> instance(Member member) throws Exception {
		return ServiceInstance.<String>builder()
			.name(member.service())
			.id(member.id())
			.address(member.host())
			.port(RegistryRequests.PORT)
			.payload(PAYLOAD)
			.build();
	}

	/**
	 * Returns null: the pings of a session keep its instances, and an app cannot send a
	 * ping by itself.
	 */
	@Override
	public @Nullable Sample renew(Duration time) {
		return null;
	}

	@Override
	public Sample read(Duration time) throws Exception {
		return BlockingLoad.run(READERS, Integer.MAX_VALUE, time.toNanos(),
				(connection,
						number) -> this.sessions.get(connection)
							.discovery()
							.queryForInstances(this.service)
							.size() == Population.INSTANCES_OF_SERVICE);
	}

	@Override
	public void deregisterAll() throws IOException {
		for (Session session : this.sessions) {
			session.close();
		}
		this.sessions = List.of();
	}

	@Override
	public Sample visible(int trials) throws Exception {
		try (Session watcher = Session.open(this.address);
				Session registrar = Session.open(this.address);
				Sightings sightings = new Sightings(watcher)) {
			return new Trials(sightings::await, (id) -> {
				ServiceInstance<String> instance = instance(new Member(Sightings.SERVICE, id));
				registrar.discovery().registerService(instance);
				return () -> registrar.discovery().unregisterService(instance);
			}).oneByOne(trials);
		}
	}

	private List<Session> open(int count) throws Exception {
		List<Session> all = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			all.add(Session.open(this.address));
		}
		return all;
	}

	@Override
	public void close() throws IOException {
		deregisterAll();
		this.server.close();
	}

	/**
	 * A session of ZooKeeper.
	 *
	 * @param client the connection
	 * @param discovery the service discovery that uses the connection
	 */
	private record Session(CuratorFramework client, ServiceDiscovery<String> discovery) implements AutoCloseable {

		static Session open(String address) throws Exception {
			CuratorFramework client = CuratorFrameworkFactory.newClient(address, new RetryOneTime(100));
			client.start();
			if (!client.blockUntilConnected(30, TimeUnit.SECONDS)) {
				throw new IllegalStateException("No ZooKeeper at " + address);
			}
			ServiceDiscovery<String> discovery = ServiceDiscoveryBuilder.builder(String.class)
				.client(client)
				.basePath("/services")
				.build();
			discovery.start();
			return new Session(client, discovery);
		}

		@Override
		public void close() {
			// Ends the session, which removes all instances that it has registered.
			this.client.close();
		}

	}

	/** A listener that records the moment at which Curator's cache holds an instance. */
	private static final class Sightings implements ServiceCacheListener, AutoCloseable {

		private static final String SERVICE = "measured";

		private final ServiceCache<String> cache;

		private volatile String awaited = "";

		private volatile CompletableFuture<Long> seen = new CompletableFuture<>();

		Sightings(Session session) throws Exception {
			this.cache = session.discovery().serviceCacheBuilder().name(SERVICE).build();
			this.cache.addListener(this);
			this.cache.start();
		}

		CompletableFuture<Long> await(String host) {
			this.seen = new CompletableFuture<>();
			this.awaited = host;
			return this.seen;
		}

		@Override
		public void cacheChanged() {
			if (this.cache.getInstances().stream().anyMatch((each) -> each.getAddress().equals(this.awaited))) {
				this.seen.complete(System.nanoTime());
			}
		}

		@Override
		public void stateChanged(CuratorFramework client, ConnectionState state) {
			System.err.println("ZooKeeper: " + state);
		}

		@Override
		public void close() throws IOException {
			this.cache.close();
		}

	}

}
