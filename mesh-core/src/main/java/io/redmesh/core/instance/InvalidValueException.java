package io.redmesh.core.instance;

/**
 * A value of a fact lies outside what is permitted. Names the field and the permitted
 * range, so that whoever wrote the value can mend it.
 */
@SuppressWarnings("serial")
public class InvalidValueException extends IllegalArgumentException {

	private final String field;

	private final String value;

	private final String permitted;

	/**
	 * Creates the exception.
	 * @param field the field as it is called on the wire, with dots and brackets for
	 * nested ones
	 * @param value what was given, shortened in the message
	 * @param permitted what would have been accepted, in words
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
	 * Says where the field stands, to whoever sees only the object that it belongs to.
	 * @param place what goes before the field's name, for example {@code leases[7].}
	 * @return the same about the field of that name
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
	 * Returns what would have been accepted.
	 * @return a phrase such as {@code 0 to 65535}
	 */
	public String permitted() {
		return this.permitted;
	}

}
