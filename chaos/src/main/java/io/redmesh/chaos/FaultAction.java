package io.redmesh.chaos;

import java.util.Random;
import java.util.function.Consumer;

/** A fault that is repaired before {@link #run} returns. */
@FunctionalInterface
interface FaultAction {

	/**
	 * Injects the fault and repairs it.
	 * @param random draws the details
	 * @param say takes a description of what is done
	 */
	void run(Random random, Consumer<String> say);

}
