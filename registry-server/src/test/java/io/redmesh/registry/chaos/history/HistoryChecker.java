package io.redmesh.registry.chaos.history;

import java.util.List;

/**
 * Holds what watchers saw against what was true. The rules:
 * <ol type="a">
 * <li><b>Cursors never go back.</b> On one connection, and among the events that one
 * watcher has taken in from any servers, no cursor lies before another one of its lineage
 * that came earlier. What is refused because it is older is no violation by itself (a
 * server that is cut off has nothing newer), unless the last fault is 30 s ago.</li>
 * <li><b>Everyone sees the same.</b> A delta tells of the revisions after the event
 * before, up to its own. What two watchers, at whichever servers, know of an instance at
 * the same revision of an epoch is the same, so no change was lost, repeated or told
 * differently; a delta has no more changes than revisions, and one of a single revision
 * changes something. Incomplete snapshots prove nothing, since they may hold what was
 * known of the epoch before.</li>
 * <li><b>Nobody comes back.</b> Once a watcher knows that a fence is gone or replaced, it
 * is told of that fence, or of an older one of the same id, not again in that epoch. Who
 * has deregistered and had this acknowledged is told of no more one TTL after that, or
 * after the epoch began in which it is told, whichever is later; unless by a server that
 * knows less than others knew then.</li>
 * <li><b>Nobody living is evicted.</b> A delta says {@code EXPIRED} or {@code REFUSED}
 * only of who was not in contact within the last TTL; an answer that the registry cannot
 * do it counts as contact. It says {@code DEREGISTERED} only of who leaves, and
 * {@code REFUSED} only of whose port is closed. A complete snapshot has everyone who
 * lives and got an acknowledgement within the last TTL, at a place in history that the
 * snapshot has reached.</li>
 * <li><b>No service becomes empty</b> while one of its instances lives, in the sense of
 * the rule before.</li>
 * <li><b>All agree in the end.</b> After the faults, everything is known to every watcher
 * as it is, nothing else is, and all stand where the servers stand. Applies to a history
 * that was recorded to its quiet end.</li>
 * <li><b>Only the replaced stay out.</b> An instance is told that it is superseded only
 * when another life of its id can have registered in its place. Without this rule a wrong
 * 409 would be the end of a life like any other.</li>
 * </ol>
 */
public final class HistoryChecker {

	/** How long a lease holds. */
	static final long TTL = Times.seconds(15);

	/** How long news and decisions may be on their way. */
	static final long SLACK = Times.seconds(3);

	/** How exactly the times of two processes can be compared. */
	static final long TOLERANCE = Times.seconds(0.3);

	private HistoryChecker() {
	}

	/**
	 * Checks all rules.
	 * @param history a history that has ended
	 * @return the violations by time, each thing once
	 */
	public static List<Violation> check(History history) {
		Findings findings = new Findings();
		Timeline timeline = new Timeline(history);
		new CursorsNeverGoBack(history, findings).check();
		new EveryoneSeesTheSame(history, findings).check();
		new NobodyComesBack(history, timeline, findings).check();
		new NobodyLivingIsEvicted(history, timeline, findings).check();
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
	 * Counts the epochs that anybody heard of.
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
