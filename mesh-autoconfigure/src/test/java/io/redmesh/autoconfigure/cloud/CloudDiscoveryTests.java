package io.redmesh.autoconfigure.cloud;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

import io.redmesh.autoconfigure.discovery.FirstSnapshot;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Locality;
import io.redmesh.core.instance.Status;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.ManualTime;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.event.HeartbeatEvent;
import org.springframework.cloud.client.discovery.event.InstanceRegisteredEvent;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.support.GenericApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class CloudDiscoveryTests {

	private final Catalog catalog = new Catalog();

	private final MeshDiscoveryClient client = new MeshDiscoveryClient(this.catalog, FirstSnapshot.NONE);

	@Test
	void onlyInstancesThatCanBeCalledAreListed() {
		Instance up = Instance.of("orders", "a", "10.0.0.7", 80);
		see(1, up, Instance.of("orders", "b", "10.0.0.8", 80).withStatus(Status.DRAINING),
				Instance.of("orders", "c", "10.0.0.9", 0));
		assertThat(this.client.getServices()).containsExactly("orders");
		assertThat(this.client.getInstances("Orders")).extracting(ServiceInstance::getInstanceId).containsExactly("a");
	}

	@Test
	void unknownServiceHasNoInstances() {
		assertThat(this.client.getInstances("unknown")).isEmpty();
		assertThat(this.client.getServices()).isEmpty();
	}

	@Test
	void instanceIsListedWithItsLabels() {
		see(1, new Instance("orders", "a", "::1", 443, true, 100, Locality.UNKNOWN, Map.of("version", "2"),
				Map.of("team", "shop"), Status.UP, 1));
		ServiceInstance instance = this.client.getInstances("orders").get(0);
		assertThat(instance.getUri()).isEqualTo(URI.create("https://[::1]:443"));
		assertThat(instance.getScheme()).isEqualTo("https");
		assertThat(instance.getMetadata()).containsOnly(Map.entry("version", "2"), Map.entry("team", "shop"));
	}

	@Test
	void reactiveClientListsTheSame() {
		see(1, Instance.of("orders", "a", "10.0.0.7", 80));
		MeshReactiveDiscoveryClient reactive = new MeshReactiveDiscoveryClient(this.client, FirstSnapshot.NONE);
		StepVerifier.create(reactive.getServices()).expectNext("orders").verifyComplete();
		StepVerifier.create(reactive.getInstances("orders").map(ServiceInstance::getHost))
			.expectNext("10.0.0.7")
			.verifyComplete();
	}

	@Test
	void changesArePublishedOnceASecondAndNotOnTheTimersThread() {
		ManualTime time = new ManualTime();
		BlockingQueue<ApplicationEvent> published = new LinkedBlockingQueue<>();
		GenericApplicationContext context = new GenericApplicationContext();
		context.addApplicationListener((ApplicationListener<ApplicationEvent>) published::add);
		context.refresh();
		published.clear();
		CatalogEvents events = new CatalogEvents(context, this.catalog, time);
		events.start();
		assertThat(published.poll()).isInstanceOf(InstanceRegisteredEvent.class);
		see(1, Instance.of("orders", "a", "10.0.0.7", 80));
		see(2, Instance.of("orders", "b", "10.0.0.7", 80));
		assertThat(time.pending()).containsExactly(CatalogEvents.PACE);
		time.forward(Duration.ofSeconds(1));
		ApplicationEvent heartbeat = await().until(published::poll, (event) -> event != null);
		assertThat(heartbeat).isInstanceOf(HeartbeatEvent.class);
		assertThat(time.pending()).isEmpty();
		events.stop();
		see(3, Instance.of("orders", "c", "10.0.0.7", 80));
		assertThat(time.pending()).isEmpty();
		context.close();
	}

	private void see(int revision, Instance... instances) {
		this.catalog.snapshot(new Cursor("lineage", 1, revision), true, Map.of("orders", List.of(instances)));
	}

}
