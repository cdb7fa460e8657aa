package io.redmesh.core.traffic.document;

import java.math.BigDecimal;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * A duration as Istio writes it, which is as Go does: numbers with units, such as
 * {@code 1h30m}, {@code 1.5s} or {@code 250ms}.
 */
final class DurationText {

	// Ten years. Longer ones are mistakes.
	private static final BigDecimal MAX_MILLIS = BigDecimal.valueOf(Duration.ofDays(3650).toMillis());

	private DurationText() {
	}

	/**
	 * Parses a duration.
	 * @param text any text
	 * @return the duration; null if the text is none, if it is negative or has fractions
	 * of milliseconds
	 */
	static @Nullable Duration parse(String text) {
		BigDecimal millis = BigDecimal.ZERO;
		int begin = 0;
		while (begin < text.length()) {
			int unit = end(text, begin, true);
			int end = end(text, unit, false);
			BigDecimal factor = factor(text.substring(unit, end));
			if (factor == null || unit == begin || unit - begin > 20 || !isNumber(text.substring(begin, unit))) {
				return null;
			}
			millis = millis.add(new BigDecimal(text.substring(begin, unit)).multiply(factor));
			begin = end;
		}
		boolean permitted = !text.isEmpty() && millis.compareTo(MAX_MILLIS) <= 0
				&& millis.stripTrailingZeros().scale() <= 0;
		return permitted ? Duration.ofMillis(millis.longValueExact()) : null;
	}

	private static int end(String text, int begin, boolean inNumber) {
		int end = begin;
		while (end < text.length() && inNumber == isPartOfNumber(text.charAt(end))) {
			end++;
		}
		return end;
	}

	private static boolean isPartOfNumber(char next) {
		return next == '.' || (next >= '0' && next <= '9');
	}

	private static boolean isNumber(String text) {
		return text.indexOf('.') == text.lastIndexOf('.') && text.length() > (text.contains(".") ? 1 : 0);
	}

	private static @Nullable BigDecimal factor(String unit) {
		return switch (unit) {
			case "h" -> BigDecimal.valueOf(3_600_000);
			case "m" -> BigDecimal.valueOf(60_000);
			case "s" -> BigDecimal.valueOf(1_000);
			case "ms" -> BigDecimal.ONE;
			case "us", "\u00b5s" -> new BigDecimal("0.001");
			case "ns" -> new BigDecimal("0.000001");
			default -> null;
		};
	}

}
