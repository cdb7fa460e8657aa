package io.redmesh.registry.watch;

import java.io.IOException;
import java.time.Duration;

import io.redmesh.core.time.ManualTime;
import io.redmesh.registry.TestServer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SnapshotLimitTests {

	@Test
	void bucketHoldsWhatOneSecondBrings() {
		ManualTime time = new ManualTime();
		SnapshotLimit limit = new SnapshotLimit(2, time);
		assertThat(limit.admit()).isTrue();
		assertThat(limit.admit()).isTrue();
		assertThat(limit.admit()).isFalse();
		time.forward(Duration.ofMillis(500));
		assertThat(limit.admit()).isTrue();
		assertThat(limit.admit()).isFalse();
		time.forward(Duration.ofMinutes(1));
		assertThat(limit.admit()).isTrue();
		assertThat(limit.admit()).isTrue();
		assertThat(limit.admit()).isFalse();
	}

	@Test
	void watchThatCanResumeIsAlwaysAdmitted() throws IOException {
		ManualTime time = new ManualTime();
		try (TestServer server = TestServer.with("mesh.server.watch.snapshots-per-second=1").time(time).start()) {
			time.forward(Duration.ofSeconds(20));
			String seen;
			try (EventStream first = EventStream.open(server, "default", "")) {
				seen = first.nextNews().id();
				try (EventStream second = EventStream.open(server, "default", "")) {
					assertThat(second.head().get(0)).contains("503");
					assertThat(second.head()).anyMatch((line) -> line.equalsIgnoreCase("Retry-After: 1"));
				}
			}
			for (int i = 0; i < 3; i++) {
				try (EventStream again = EventStream.open(server, "default", "", "Last-Event-ID", seen)) {
					assertThat(again.head().get(0)).contains("200");
				}
			}
		}
	}

}
