package io.redmesh.core.loadbalance;

/**
 * The 64-bit hash of a hash key, as {@link LoadBalancer#pick} expects it. It is
 * <a href= "https://datatracker.ietf.org/doc/html/draft-eastlake-fnv">FNV-1a</a> over the
 * characters, then the finalizer of SplitMix64 (Steele, Lea and Flood,
 * <a href= "https://doi.org/10.1145/2660193.2660195">Fast Splittable Pseudorandom Number
 * Generators</a>), because FNV alone leaves the upper bits of short texts alike.
 * <p>
 * The same text has the same hash in every process and every version of Redmesh, because
 * callers must agree on the endpoint of a key. It does not resist an attacker who chooses
 * keys that meet at one endpoint; a bounded load does.
 */
public final class KeyHash {

	private static final long FNV_OFFSET_BASIS = 0xCBF29CE484222325L;

	private static final long FNV_PRIME = 0x100000001B3L;

	// The fractional part of the golden ratio, made odd.
	private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

	private KeyHash() {
	}

	/**
	 * Hashes a text without allocating anything.
	 * @param text the text, hashed char by char
	 * @return the hash; each of its bits depends on the whole text
	 */
	public static long of(CharSequence text) {
		long hash = FNV_OFFSET_BASIS;
		for (int i = 0; i < text.length(); i++) {
			hash = (hash ^ text.charAt(i)) * FNV_PRIME;
		}
		return mix(hash);
	}

	/**
	 * Returns one number of the sequence that SplitMix64 generates from a seed.
	 * @param seed the seed
	 * @param position the position in the sequence, 0 for the first
	 * @return the number
	 */
	static long mix(long seed, int position) {
		return mix(seed + position * GOLDEN_GAMMA);
	}

	private static long mix(long bits) {
		long mixed = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
		mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
		return mixed ^ (mixed >>> 31);
	}

	/**
	 * Maps a well mixed hash to one of the numbers of a range, without a division
	 * (Lemire, <a href= "https://arxiv.org/abs/1805.10941">Fast Random Integer Generation
	 * in an Interval</a>).
	 * @param hash the hash, whose upper half decides
	 * @param range the size of the range
	 * @return 0 or more and less than the range
	 */
	static int toRange(long hash, int range) {
		return (int) (((hash >>> 32) * range) >>> 32);
	}

}
