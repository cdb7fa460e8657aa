package io.redmesh.core.instance;

/**
 * The exception for a value that is not permitted. It names the field and the permitted
 * range, so that the author of the value can correct it.
 */
@SuppressWarnings("serial")
public class InvalidValueException extends IllegalArgumentException {

	private final String field;

	private final String value;

	private final String permitted;

	/**
	 * Creates the exception.
	 * @param field the field's name on the wire, with dots and brackets for nested fields
	 * @param value the rejected value; the message shortens it
	 * @param permitted the permitted values, in words
	 */
	public InvalidValueException(String field, Object value, String permitted) {
		this(field, shortened(value), permitted);
	}

	private InvalidValueException(String field, String value, String permitted) {
		super("%s: %s (expected: %s)".formatted(field, value, permitted));
		this.field = field;
		this.value = value;
		this.permitted = permitted;
	}

	private static String shortened(Object value) {
		String text = String.valueOf(value);
		return (text.length() <= 80) ? text : text.substring(0, 77) + "...";
	}

	/**
	 * Returns the same exception with the path to the field, for a reader that sees only
	 * the enclosing object.
	 * @param place the path before the field's name, for example {@code leases[7].}
	 * @return the exception with the full path
	 */
	public InvalidValueException in(String place) {
		return new InvalidValueException(place + this.field, this.value, this.permitted);
	}

	/**
	 * Returns the field's name on the wire.
	 * @return for example {@code labels[version]}
	 */
	public String field() {
		return this.field;
	}

	/**
	 * Returns the permitted values.
	 * @return a phrase such as {@code 0 to 65535}
	 */
	public String permitted() {
		return this.permitted;
	}

}
