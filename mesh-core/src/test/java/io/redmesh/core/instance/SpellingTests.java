package io.redmesh.core.instance;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SpellingTests {

	private static final List<String> KNOWN = List.of("host", "port", "metadata");

	@Test
	void theNearestWordIsGuessed() {
		assertThat(Spelling.nearest("hst", KNOWN)).isEqualTo("host");
		assertThat(Spelling.nearest("PORT", KNOWN)).isEqualTo("port");
		assertThat(Spelling.nearest("meta-data", KNOWN)).isEqualTo("metadata");
		assertThat(Spelling.nearest("colour", KNOWN)).isNull();
		assertThat(Spelling.nearest("x".repeat(1000), KNOWN)).isNull();
	}

	@Test
	void severalWordsComeNearestFirst() {
		List<String> known = List.of("timeout", "retries", "route", "mirror", "mirrors");
		assertThat(Spelling.nearest("timeot", known)).isEqualTo("timeout");
		assertThat(Spelling.nearest("ROUTES", known)).isEqualTo("route");
		assertThat(Spelling.nearest("mirrorz", known, 3)).containsExactly("mirror", "mirrors");
		assertThat(Spelling.nearest("mirrors", known, 1)).containsExactly("mirrors");
	}

	@Test
	void distanceCountsEdits() {
		assertThat(Spelling.distance("", "abc")).isEqualTo(3);
		assertThat(Spelling.distance("kitten", "sitting")).isEqualTo(3);
		assertThat(Spelling.distance("same", "same")).isZero();
	}

	@Test
	void distanceIsThatOfLevenshteinsRecursion() {
		Random random = new Random(14);
		for (int i = 0; i < 3_000; i++) {
			String one = word(random, 9);
			String other = (i % 3 == 0) ? word(random, 9) : edited(random, one, random.nextInt(4));
			int distance = Spelling.distance(one, other);
			assertThat(distance).as("%s to %s", one, other)
				.isEqualTo(recursion(one.toLowerCase(Locale.ROOT), other.toLowerCase(Locale.ROOT), new HashMap<>()))
				.isEqualTo(Spelling.distance(other, one));
		}
	}

	@Test
	void guessIsTheFirstOfTheNearestWithinAThirdOfItsLetters() {
		Random random = new Random(15);
		int guesses = 0;
		for (int i = 0; i < 3_000; i++) {
			List<String> known = new ArrayList<>();
			for (int size = random.nextInt(6); size > 0; size--) {
				known.add(word(random, 12));
			}
			String word = known.isEmpty() ? word(random, 9)
					: edited(random, known.get(random.nextInt(known.size())), random.nextInt(6));
			// A sort keeps the order of those that are equally near.
			String expected = known.stream()
				.filter((one) -> distance(word, one) <= Math.max(1, one.length() / 3))
				.sorted(Comparator.comparingInt((one) -> distance(word, one)))
				.findFirst()
				.orElse(null);
			guesses += (expected != null) ? 1 : 0;
			assertThat(Spelling.nearest(word, known)).as("%s among %s", word, known).isEqualTo(expected);
		}
		assertThat(guesses).isBetween(500, 2_500);
	}

	@Test
	void wordOfFortyLettersIsTheLongestThatIsCompared() {
		String known = "x".repeat(45);
		assertThat(Spelling.nearest("x".repeat(40), List.of(known))).isEqualTo(known);
		assertThat(Spelling.nearest("x".repeat(41), List.of(known))).isNull();
	}

	private static int distance(String one, String other) {
		return recursion(one.toLowerCase(Locale.ROOT), other.toLowerCase(Locale.ROOT), new HashMap<>());
	}

	/** Computes the distance by its definition, from the ends of the words. */
	private static int recursion(String one, String other, Map<String, Integer> known) {
		if (one.isEmpty() || other.isEmpty()) {
			return one.length() + other.length();
		}
		Integer before = known.get(one + " " + other);
		if (before != null) {
			return before;
		}
		String less = one.substring(1);
		String otherLess = other.substring(1);
		int result = (one.charAt(0) == other.charAt(0)) ? recursion(less, otherLess, known)
				: 1 + Math.min(recursion(less, otherLess, known),
						Math.min(recursion(less, other, known), recursion(one, otherLess, known)));
		known.put(one + " " + other, result);
		return result;
	}

	private static String word(Random random, int longest) {
		StringBuilder word = new StringBuilder();
		for (int length = random.nextInt(longest); length > 0; length--) {
			word.append("aAbBcz-".charAt(random.nextInt(7)));
		}
		return word.toString();
	}

	private static String edited(Random random, String word, int edits) {
		StringBuilder edited = new StringBuilder(word);
		for (int i = 0; i < edits; i++) {
			int place = random.nextInt(edited.length() + 1);
			switch (random.nextInt(3)) {
				case 0 -> edited.insert(place, 'b');
				case 1 -> edited.delete(place, Math.min(place + 1, edited.length()));
				default -> edited.reverse();
			}
		}
		return edited.toString();
	}

}
