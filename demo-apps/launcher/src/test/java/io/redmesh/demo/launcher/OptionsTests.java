package io.redmesh.demo.launcher;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class OptionsTests {

	@Test
	void readsAllOptions() {
		assertThat(parse("--check --redis redis://localhost --registries 2 --rate 50"))
			.isEqualTo(new Options(true, false, false, false, "redis://localhost", 2, 50));
	}

	@Test
	void withoutOptionsOneRegistryKeepsItsDataInMemory() {
		assertThat(Options.parse(List.of())).isEqualTo(new Options(false, false, false, false, null, 1, 0));
	}

	@Test
	void faultsStartsTwoRegistryServersByDefault() {
		assertThat(parse("--faults")).isEqualTo(new Options(false, true, false, false, null, 2, 0));
		assertThat(parse("--faults --registries 3").registries()).isEqualTo(3);
	}

	@Test
	void partitionNeedsNoOtherOption() {
		assertThat(parse("--partition")).isEqualTo(new Options(false, false, true, false, null, 1, 0));
	}

	@ParameterizedTest
	@ValueSource(strings = { "--chek", "--redis", "--registries 2", "--registries x --redis r", "--rate 0", "--compose",
			"--check --compose --redis r", "--faults --redis r", "--faults --check", "--partition --check",
			"--partition --faults" })
	void rejectsInvalidOptionsWithReason(String arguments) {
		assertThatIllegalArgumentException().isThrownBy(() -> parse(arguments)).withMessageStartingWith("--");
	}

	private static Options parse(String arguments) {
		return Options.parse(List.of(arguments.split(" ")));
	}

}
