package io.redmesh.autoconfigure.registration;

import java.util.concurrent.CompletionStage;

import io.redmesh.core.instance.Instance;

/** The source of the description of this instance. */
@FunctionalInterface
interface Self {

	/**
	 * Describes this instance as it is now, status aside.
	 * @return the instance; fails with {@link java.io.UncheckedIOException} while there
	 * is no route to the registry, and otherwise with an exception whose message says
	 * what to set
	 */
	CompletionStage<Instance> describe();

}
