package io.redmesh.core.traffic;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rules in force in this process, and the {@link RouteTable} that follows from them.
 * They stay in force until others replace them, however long the registry is away.
 * <p>
 * Safe for use by many threads. Readers take no lock; writers take turns. Listeners are
 * notified on the writer's thread.
 */
public final class RuleBook {

	private static final Logger logger = LoggerFactory.getLogger(RuleBook.class);

	private final List<Listener> listeners = new CopyOnWriteArrayList<>();

	private final Client client;

	private volatile State state = new State(List.of(), Set.of(), "", RouteTable.EMPTY);

	/**
	 * Creates a book without rules.
	 * @param client the workload of this process
	 */
	public RuleBook(Client client) {
		this.client = client;
	}

	/**
	 * Adds a listener. It is notified at once of the table in force.
	 * @param listener the listener
	 */
	public synchronized void listen(Listener listener) {
		this.listeners.add(listener);
		listener.changed(this.state.table);
	}

	/**
	 * Replaces all rules at once. Calls in flight keep the route that they have.
	 * Listeners are notified unless the rules are the same.
	 * @param rules the rules
	 * @param revision the revision of the rules, opaque
	 */
	public synchronized void replace(Collection<? extends Rule> rules, String revision) {
		List<Rule> copy = List.copyOf(rules);
		if (copy.equals(this.state.rules)) {
			this.state = new State(copy, this.state.gateways, revision, this.state.table);
			return;
		}
		swap(copy, this.state.gateways, revision);
		logger.info("{} traffic rules of revision {} are in force", copy.size(), revision);
	}

	/**
	 * Replaces the names of the gateways that are registered. A rule for gateways of
	 * which none is registered may apply to calls between apps.
	 * @param gateways the names
	 */
	public synchronized void gateways(Set<String> gateways) {
		if (!gateways.equals(this.state.gateways)) {
			swap(this.state.rules, Set.copyOf(gateways), this.state.revision);
		}
	}

	private void swap(List<Rule> rules, Set<String> gateways, String revision) {
		RouteTable table = RouteTable.of(rules, this.client, gateways);
		this.state = new State(rules, gateways, revision, table);
		for (Listener listener : this.listeners) {
			try {
				listener.changed(table);
			}
			catch (RuntimeException ex) {
				logger.error("A listener failed on the traffic rules of revision {}", revision, ex);
			}
		}
	}

	/**
	 * Returns the table in force. A call asks once and keeps it.
	 * @return the table
	 */
	public RouteTable table() {
		return this.state.table;
	}

	/**
	 * Returns the rules in force.
	 * @return the rules
	 */
	public List<Rule> rules() {
		return this.state.rules;
	}

	/**
	 * Returns the revision of the rules in force.
	 * @return the revision, empty before the first rules
	 */
	public String revision() {
		return this.state.revision;
	}

	/** A listener for a new table. It must be quick. */
	@FunctionalInterface
	public interface Listener {

		/**
		 * Receives the table in force.
		 * @param table the table
		 */
		void changed(RouteTable table);

	}

	private record State(List<Rule> rules, Set<String> gateways, String revision, RouteTable table) {
	}

}
