package io.redmesh.chaos.history;

import java.util.List;

/**
 * A checker that compares what watchers saw with what was true. The rules:
 * <ol type="a">
 * <li><b>Cursors never go back.</b> No cursor lies before an earlier one of its lineage
 * on the same connection. The same holds for the events that one watcher has accepted,
 * from whichever servers. An event that is refused because it is older is no violation by
 * itself, as a server that is cut off has nothing newer. It is one when the last fault is
 * more than 30 s ago.</li>
 * <li><b>All watchers see the same.</b> A delta contains the revisions after the previous
 * event, up to its own. What two watchers, at whichever servers, know of an instance at
 * the same revision of an epoch is the same. So no change was lost, repeated or sent
 * differently. A delta has no more changes than revisions, and one of a single revision
 * changes something. Incomplete snapshots prove nothing, since they may hold what was
 * known of the previous epoch.</li>
 * <li><b>No instance comes back.</b> Once a watcher knows that a fence is gone or
 * replaced, it receives neither that fence nor an older one of the same id again in that
 * epoch. An instance whose deregistration was acknowledged may be sent for one TTL after
 * that, or after the epoch began in which it is sent, whichever is later. After that time
 * only a server may send it that knows less than other servers knew then.</li>
 * <li><b>No living instance is evicted.</b> A delta says {@code EXPIRED} or
 * {@code REFUSED} only of an instance that was not in contact within the last TTL. A
 * response that the registry cannot carry out a request counts as contact. A delta says
 * {@code DEREGISTERED} only of an instance that leaves, and {@code REFUSED} only of one
 * whose port is closed. A complete snapshot lists every instance that lives and got an
 * acknowledgement within the last TTL. The acknowledgement counts if its cursor is not
 * ahead of the snapshot.</li>
 * <li><b>No service becomes empty</b> while one of its instances lives, in the sense of
 * the previous rule.</li>
 * <li><b>All agree in the end.</b> After the faults every watcher knows all instances as
 * they are and no others, and its cursor is that of the servers. The rule applies to a
 * history that was recorded to its quiet end.</li>
 * <li><b>Only replaced instances stay out.</b> An instance is told that it is superseded
 * only when another life of its id can have registered in its place. Without this rule a
 * wrong 409 would be the end of a life like any other.</li>
 * </ol>
 */
public final class HistoryChecker {

	/** The TTL of a lease. */
	static final long TTL = Times.seconds(15);

	/** The longest time for which events and decisions may be in flight. */
	static final long SLACK = Times.seconds(3);

	/** The accuracy with which the times of two processes can be compared. */
	static final long TOLERANCE = Times.seconds(0.3);

	private HistoryChecker() {
	}

	/**
	 * Checks all rules.
	 * @param history a history that has ended
	 * @return the violations by time, each subject once
	 */
	public static List<Violation> check(History history) {
		Findings findings = new Findings();
		Timeline timeline = new Timeline(history);
		new CursorsNeverGoBack(history, findings).check();
		new AllWatchersSeeTheSame(history, findings).check();
		new NoInstanceComesBack(history, timeline, findings).check();
		new NoLivingInstanceIsEvicted(history, timeline, findings).check();
		new AllAgreeInTheEnd(history, findings).check();
		new OnlyTheReplacedStayOut(history, findings).check();
		return findings.all();
	}

	/**
	 * Tells whether all watchers know what is true.
	 * @param history a history that may go on
	 * @return whether rule (f) holds now
	 */
	public static boolean agree(History history) {
		Findings findings = new Findings();
		new AllAgreeInTheEnd(history, findings).check();
		return findings.all().isEmpty();
	}

	/**
	 * Counts the epochs that any watcher has seen.
	 * @param history a history
	 * @return how many
	 */
	public static int countEpochs(History history) {
		return new Timeline(history).countEpochs();
	}

	/**
	 * Counts the changes.
	 * @param history a history
	 * @return the sum of the highest revisions of all epochs
	 */
	public static long countRevisions(History history) {
		return new Timeline(history).countRevisions();
	}

}
