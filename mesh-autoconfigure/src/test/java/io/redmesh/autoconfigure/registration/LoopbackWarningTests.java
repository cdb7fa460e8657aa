package io.redmesh.autoconfigure.registration;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.registry.Cursor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class LoopbackWarningTests {

	private final Catalog catalog = new Catalog();

	private final LoopbackWarning warning = new LoopbackWarning();

	private int revision;

	LoopbackWarningTests() {
		this.catalog.listen(this.warning);
	}

	@Test
	void warnsOnceOfAnInstanceElsewhereThatIsThereAlready(CapturedOutput output) {
		discovered("192.0.2.200", "192.0.2.201");
		announced("127.0.0.1");
		discovered("192.0.2.202");
		announced("127.0.0.1");
		assertThat(output)
			.containsOnlyOnce("This instance registers as 127.0.0.1, which only this machine can reach, but stock/0 "
					+ "runs elsewhere, at 192.0.2.200:8080")
			.containsOnlyOnce("Set mesh.registry.url");
	}

	@Test
	void warnsOfAnInstanceElsewhereThatComesLater(CapturedOutput output) {
		announced("::1");
		assertThat(output).isEmpty();
		discovered("127.0.0.1", "localhost");
		assertThat(output).isEmpty();
		discovered("127.0.0.1", "orders.example");
		assertThat(output).contains("orders.example:8080", "mesh.instance.host");
	}

	@Test
	void isSilentWhereThisInstanceCanBeReached(CapturedOutput output) {
		discovered("192.0.2.200");
		announced("198.51.100.7");
		announced("shop.example");
		assertThat(output).isEmpty();
	}

	@Test
	void isSilentAboutRememberedInstances(CapturedOutput output) {
		this.catalog.remember(Map.of("stock", List.of(Instance.of("stock", "a", "192.0.2.200", 80))));
		announced("127.0.0.1");
		assertThat(output).isEmpty();
	}

	private void announced(String host) {
		this.warning.announced(Instance.of("orders", "a", host, 8080), this.catalog);
	}

	private void discovered(String... hosts) {
		List<Instance> instances = new ArrayList<>();
		for (String host : hosts) {
			instances.add(Instance.of("stock", String.valueOf(instances.size()), host, 8080));
		}
		this.catalog.snapshot(new Cursor("lineage", 1, ++this.revision), true, Map.of("stock", instances));
	}

}
