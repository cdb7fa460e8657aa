package io.redmesh.core.instance;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/** A guess at the name that a user meant to write. */
public final class Spelling {

	private static final int LONGEST = 40;

	private Spelling() {
	}

	/**
	 * Finds the nearest of some known words.
	 * @param word the word that was written
	 * @param known the known words
	 * @return the first of the nearest, or null if none is at most a third of its letters
	 * away
	 */
	public static @Nullable String nearest(String word, Collection<String> known) {
		List<String> nearest = nearest(word, known, 1);
		return nearest.isEmpty() ? null : nearest.get(0);
	}

	/**
	 * Finds the nearest of some known words.
	 * @param word the word that was written
	 * @param known the known words
	 * @param limit the largest number of words to return
	 * @return those that are at most a third of their letters away, the nearest first; of
	 * those that are equally near, in their own order
	 */
	public static List<String> nearest(String word, Collection<String> known, int limit) {
		if (word.length() > LONGEST) {
			return List.of();
		}
		return known.stream()
			.filter((candidate) -> distance(word, candidate) <= Math.max(1, candidate.length() / 3))
			.sorted(Comparator.comparingInt((candidate) -> distance(word, candidate)))
			.limit(limit)
			.toList();
	}

	/** Computes Levenshtein's distance regardless of case (Wagner and Fischer, 1974). */
	static int distance(String one, String other) {
		String left = one.toLowerCase(Locale.ROOT);
		String right = other.toLowerCase(Locale.ROOT);
		int[] row = new int[right.length() + 1];
		for (int j = 0; j < row.length; j++) {
			row[j] = j;
		}
		for (int i = 1; i <= left.length(); i++) {
			int diagonal = row[0];
			row[0] = i;
			for (int j = 1; j < row.length; j++) {
				int change = diagonal + ((left.charAt(i - 1) == right.charAt(j - 1)) ? 0 : 1);
				diagonal = row[j];
				row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
			}
		}
		return row[right.length()];
	}

}
