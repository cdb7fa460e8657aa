package io.redmesh.demo.launcher;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/**
 * A reader of times in Spring Boot's log, whose lines begin with the time in ISO-8601.
 */
final class LogLines {

	private LogLines() {
	}

	/** Returns the time of the last line that contains the text. */
	static Optional<Instant> last(List<String> lines, String text) {
		return lines.stream()
			.filter((line) -> line.contains(text))
			.flatMap((line) -> time(line).stream())
			.reduce((earlier, later) -> later);
	}

	private static Optional<Instant> time(String line) {
		try {
			return Optional.of(OffsetDateTime.parse(line.split("\\s", 2)[0]).toInstant());
		}
		catch (DateTimeException ex) {
			return Optional.empty();
		}
	}

}
