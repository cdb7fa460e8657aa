package io.redmesh.core.traffic;

/**
 * A share of requests.
 *
 * @param value 0 to 100
 */
public record Percentage(double value) {

	/** No request. */
	public static final Percentage NONE = new Percentage(0);

	/** Every request. */
	public static final Percentage ALL = new Percentage(100);

	/**
	 * Returns whether a request belongs to the share.
	 * @param random a random number, all of whose values are equally likely, and drawn
	 * for this question alone
	 * @return whether it does
	 */
	public boolean includes(long random) {
		return (random >>> 11) * 0x1p-53 * 100 < this.value;
	}

	@Override
	public String toString() {
		return this.value + " %";
	}

}
