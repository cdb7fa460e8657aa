package io.redmesh.registry.catalog;

import java.util.Set;

/**
 * The copies of traffic rules that outlive this server's process.
 * <p>
 * Safe for use by many threads.
 */
interface RuleArchive {

	/** An archive that keeps nothing. */
	RuleArchive NONE = new RuleArchive() {

		@Override
		public Set<String> namespaces() {
			return Set.of();
		}

		@Override
		public RuleSet recall(String namespace) {
			return RuleSet.UNKNOWN;
		}

		@Override
		public void keep(String namespace, RuleSet rules) {
		}

		@Override
		public void forget(String namespace) {
		}

	};

	/** Returns the namespaces of which rules are kept. */
	Set<String> namespaces();

	/**
	 * Returns the rules that an earlier process has kept. Returns them once only.
	 * @param namespace the namespace
	 * @return the rules, {@link RuleSet#UNKNOWN} if there are none
	 */
	RuleSet recall(String namespace);

	/**
	 * Keeps rules, in place of earlier ones. Does not wait until they are written.
	 * @param namespace the namespace
	 * @param rules its rules
	 */
	void keep(String namespace, RuleSet rules);

	/**
	 * Removes the copy of a namespace that holds nothing any more.
	 * @param namespace the namespace
	 */
	void forget(String namespace);

}
