package io.redmesh.autoconfigure.registration;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import io.redmesh.autoconfigure.MeshProperties.InstanceSettings;
import io.redmesh.core.instance.InvalidValueException;
import io.redmesh.core.instance.Names;
import org.junit.jupiter.api.Test;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class InstanceDetailsTests {

	private final InstanceDetails details = new InstanceDetails(
			settings(Map.of("weight", "50", "labels.color", "blue", "metadata.team", "a")));

	private final AtomicInteger changes = new AtomicInteger();

	@Test
	void valuesSetByTheAppWinUntilTheyAreGivenBack() {
		this.details.onChange(this.changes::incrementAndGet);
		this.details.weight(7);
		this.details.label("color", "green");
		this.details.label("tier", "gold");
		this.details.metadata("team", "b");
		assertThat(this.details.now().weight()).isEqualTo(7);
		assertThat(this.details.now().labels()).isEqualTo(Map.of("color", "green", "tier", "gold"));
		assertThat(this.details.now().metadata()).isEqualTo(Map.of("team", "b"));
		this.details.weight(null);
		this.details.label("color", null);
		this.details.label("tier", null);
		this.details.metadata("team", null);
		assertThat(this.details.now().weight()).isEqualTo(50);
		assertThat(this.details.now().labels()).isEqualTo(Map.of("color", "blue"));
		assertThat(this.details.now().metadata()).isEqualTo(Map.of("team", "a"));
		assertThat(this.changes).hasValue(8);
	}

	@Test
	void unchangedValuesNotifyNoListener() {
		this.details.onChange(this.changes::incrementAndGet);
		this.details.weight(50);
		this.details.label("color", "blue");
		assertThat(this.changes).hasValue(0);
	}

	@Test
	void invalidValueFailsAndChangesNothing() {
		InstanceSettings before = this.details.now();
		assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> this.details.weight(-1));
		assertThatExceptionOfType(InvalidValueException.class)
			.isThrownBy(() -> this.details.label("color", "\u00e4".repeat(Names.MAX_LABEL)))
			.satisfies((ex) -> assertThat(ex.field()).isEqualTo("labels[color]"));
		assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> this.details.metadata("a b", "x"));
		assertThat(this.details.now()).isEqualTo(before);
		this.details.weight(8);
		assertThat(this.details.now().labels()).isEqualTo(before.labels());
	}

	@Test
	void changedPropertiesLeaveValuesSetByTheApp() {
		this.details.label("color", "green");
		this.details.configure(settings(Map.of("weight", "9", "labels.color", "red", "labels.zone", "x")));
		assertThat(this.details.now().weight()).isEqualTo(9);
		assertThat(this.details.now().labels()).isEqualTo(Map.of("color", "green", "zone", "x"));
		assertThat(this.details.now().metadata()).isEmpty();
		this.details.label("color", null);
		assertThat(this.details.now().labels()).containsEntry("color", "red");
	}

	private static InstanceSettings settings(Map<String, String> properties) {
		return new Binder(new MapConfigurationPropertySource(properties)).bindOrCreate("", InstanceSettings.class);
	}

}
