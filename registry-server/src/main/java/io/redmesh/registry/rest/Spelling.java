package io.redmesh.registry.rest;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/** Guesses what somebody meant to write. */
final class Spelling {

	private Spelling() {
	}

	/**
	 * Finds the known word that is nearest.
	 * @param word what was written
	 * @param known what could have been written
	 * @return the nearest, or null if none is at most a third of its letters away
	 */
	static @Nullable String nearest(String word, Collection<String> known) {
		if (word.length() > 40) {
			return null;
		}
		return known.stream()
			.filter((candidate) -> distance(word, candidate) <= Math.max(1, candidate.length() / 3))
			.min(Comparator.comparingInt((candidate) -> distance(word, candidate)))
			.orElse(null);
	}

	/**
	 * Levenshtein's distance, regardless of case, row by row (Wagner and Fischer, 1974).
	 */
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
