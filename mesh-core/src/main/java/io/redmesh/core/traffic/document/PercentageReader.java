package io.redmesh.core.traffic.document;

import java.util.Map;

import io.redmesh.core.traffic.Percentage;

/** A reader of Istio's {@code Percent}, an object with a {@code value}. */
final class PercentageReader {

	private static final double LEAST = 0.0001;

	private PercentageReader() {
	}

	/**
	 * Reads a percentage.
	 * @param node the place
	 * @param absent the percentage if there is none
	 * @return the percentage
	 */
	static Percentage read(Node node, Percentage absent) {
		if (node.value() instanceof Number number) {
			node.invalid("an object with a value", node.fix(Map.of("value", number)));
			return absent;
		}
		Percentage percentage = node.read((fields) -> {
			Node value = fields.get("value");
			double number = value.number(0, 100, 0);
			value.expect(number == 0 || number >= LEAST, "0, or at least 0.0001");
			return new Percentage(number);
		});
		return (percentage != null) ? percentage : absent;
	}

}
