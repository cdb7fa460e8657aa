package io.redmesh.chaos.process;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class JavaProcessTests {

	private static final Duration LIMIT = Duration.ofMinutes(1);

	@TempDir
	Path directory;

	@Test
	void outputIsAppendedToTheLog() throws IOException {
		JavaProcess process = java("--version");
		process.start();
		process.awaitEnd(LIMIT);
		Path log = this.directory.resolve("java.log");
		List<String> first = Files.readAllLines(log);
		process.start();
		process.awaitEnd(LIMIT);
		assertThat(first).isNotEmpty();
		assertThat(Files.readAllLines(log)).hasSize(2 * first.size());
	}

	@Test
	void outputOnAPipeCanBeRead() throws IOException {
		JavaProcess process = java("--version");
		try (BufferedReader output = process.startPiped()) {
			assertThat(output.lines()).anySatisfy((line) -> assertThat(line).contains("build"));
		}
		process.awaitEnd(LIMIT);
		assertThat(this.directory.resolve("java.log")).doesNotExist();
	}

	@Test
	void failureIsNotTakenForAnEnd() {
		JavaProcess process = java("NoSuchClass");
		process.start();
		assertThatIllegalStateException().isThrownBy(() -> process.awaitEnd(LIMIT)).withMessageContaining("java.log");
	}

	@Test
	void processThatHasEndedIsNotAwaited() {
		JavaProcess process = java("--version");
		process.start();
		URI nothing = URI.create("http://127.0.0.1:" + Ports.free() + "/");
		assertThatIllegalStateException().isThrownBy(() -> process.awaitOk(nothing)).withMessageContaining("has ended");
	}

	@Test
	void processThatWasNeverStartedHasNoHandle() {
		JavaProcess process = java("--version");
		assertThatIllegalStateException().isThrownBy(process::handle);
		assertThatCode(process::close).doesNotThrowAnyException();
	}

	@Test
	void classPathHoldsInAnyDirectory() {
		assertThat(JavaProcess.classPath().split(File.pathSeparator)).isNotEmpty()
			.allSatisfy((entry) -> assertThat(Path.of(entry)).isAbsolute());
	}

	private JavaProcess java(String... arguments) {
		return new JavaProcess(this.directory, "java", List.of(arguments));
	}

}
