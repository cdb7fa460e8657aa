package io.redmesh.registry.chaos;

import java.util.Random;
import java.util.function.Consumer;

/** Something that goes wrong, and is put right again before {@link #run} returns. */
@FunctionalInterface
interface FaultAction {

	/**
	 * Lets it go wrong.
	 * @param random decides on the particulars
	 * @param say takes what is done, in words
	 */
	void run(Random random, Consumer<String> say);

}
