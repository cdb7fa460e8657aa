package io.redmesh.chaos.history;

import java.util.List;
import java.util.Set;

import io.redmesh.chaos.history.Observation.Change;
import io.redmesh.chaos.history.Observation.Delta;
import io.redmesh.chaos.history.Observation.News;
import io.redmesh.chaos.history.Observation.Ping;
import io.redmesh.chaos.history.Observation.Snapshot;
import io.redmesh.chaos.history.Violation.Rule;
import io.redmesh.core.registry.Cursor;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests with histories that are made by hand, each with one violation or none. */
class HistoryCheckerTests {

	private static final Cursor ONE = new Cursor("registry", 1, 0);

	private static final Cursor TWO = new Cursor("registry", 2, 0);

	private static final InstanceView A = InstanceView.of("orders", "a", 10, "UP", 100);

	private static final InstanceView B = InstanceView.of("orders", "b", 11, "UP", 100);

	private final History history = new History();

	private final WatcherHistory first = this.history.add(new WatcherHistory("first", Set.of()));

	private final WatcherHistory second = this.history.add(new WatcherHistory("second", Set.of("orders")));

	private final Life lifeOfA = this.history.add(new Life("orders", "a", 0));

	private final Life lifeOfB = this.history.add(new Life("orders", "b", 0));

	HistoryCheckerTests() {
		registered(this.lifeOfA, 0.1, A, ONE.at(1));
		registered(this.lifeOfB, 0.2, B, ONE.at(2));
		this.history.head("s1", ONE.at(2));
	}

	@Test
	void whatIsAsItShouldBeHasNoViolation() {
		startBoth();
		assertThat(violations()).isEmpty();
	}

	@Test
	void orderlyDepartureTakeoverAndUpdateAreNoViolation() {
		startBoth();
		this.lifeOfB.add(Act.of(Act.Kind.LEAVING, at(2))).add(Act.of(Act.Kind.DEREGISTERED, at(2.1)));
		Life newcomer = this.history.add(new Life("orders", "a", at(3)));
		this.lifeOfA.add(Act.of(Act.Kind.CRASHED, at(2.5)));
		InstanceView next = InstanceView.of("orders", "a", 20, "UP", 7);
		registered(newcomer, 3.1, next, ONE.at(4));
		both(2.1, ONE.at(3), delta(Change.gone("orders", "b", "DEREGISTERED")));
		both(3.1, ONE.at(4), delta(Change.put(next)));
		this.history.head("s1", ONE.at(4));
		assertThat(violations()).isEmpty();
	}

	@Test
	void cursorThatGoesBackOnAConnection() {
		startBoth();
		this.first.add(seen(2, ONE.at(1), new Ping()));
		assertThat(violations()).contains(Rule.CURSOR_WENT_BACK);
	}

	@Test
	void cursorThatGoesBackFromServerToServer() {
		startBoth();
		this.first.add(new Observation(at(2), "s2", 2, true, ONE.at(1), snapshot(true, A, B)));
		assertThat(violations()).contains(Rule.CURSOR_WENT_BACK);
	}

	@Test
	void olderNewsAreRefusedAndOnlyWrongInACalm() {
		startBoth();
		Observation old = new Observation(at(40), "s2", 2, false, ONE.at(1), snapshot(true, A));
		this.history.add(new History.Fault(at(5), at(15), "s2 is cut off"));
		this.first.add(old).add(new Observation(at(41), "s1", 3, true, ONE.at(2), snapshot(true, A, B)));
		assertThat(violations()).isEmpty();
		this.second.add(new Observation(at(46), "s2", 2, false, ONE.at(1), snapshot(true, A)))
			.add(new Observation(at(47), "s1", 3, true, ONE.at(2), snapshot(true, A, B)));
		assertThat(violations()).containsExactly(Rule.CURSOR_WENT_BACK);
	}

	@Test
	void changeThatOneWatcherMissed() {
		startBoth();
		update(B, 7, 3);
		this.first.add(seen(2, ONE.at(3), delta(Change.put(weighing(B, 7)))));
		update(A, 9, 4);
		both(3, ONE.at(4), delta(Change.put(weighing(A, 9))));
		this.history.head("s1", ONE.at(4));
		assertThat(violations()).contains(Rule.WATCHERS_DISAGREE);
	}

	@Test
	void fewerLargerDeltasAreTheSame() {
		startBoth();
		update(B, 7, 3);
		update(A, 9, 4);
		this.first.add(seen(2, ONE.at(3), delta(Change.put(weighing(B, 7)))));
		this.first.add(seen(3, ONE.at(4), delta(Change.put(weighing(A, 9)))));
		this.second.add(seen(3, ONE.at(4), delta(Change.put(weighing(B, 7)), Change.put(weighing(A, 9)))));
		this.history.head("s1", ONE.at(4));
		assertThat(violations()).isEmpty();
	}

	@Test
	void changeThatIsToldDifferently() {
		startBoth();
		update(B, 7, 3);
		this.first.add(seen(2, ONE.at(3), delta(Change.put(weighing(B, 7)))));
		this.second.add(seen(2, ONE.at(3), delta(Change.put(weighing(B, 8)))));
		assertThat(violations()).contains(Rule.WATCHERS_DISAGREE);
	}

	@Test
	void changeThatComesTwice() {
		startBoth();
		update(B, 7, 3);
		both(2, ONE.at(3), delta(Change.put(weighing(B, 7))));
		both(3, ONE.at(4), delta(Change.put(weighing(B, 7))));
		this.history.head("s1", ONE.at(4));
		assertThat(violations()).containsOnly(Rule.WATCHERS_DISAGREE);
	}

	@Test
	void snapshotThatContradictsWhatAnotherWatcherSawAtItsRevision() {
		startBoth();
		update(B, 7, 3);
		this.first.add(seen(2, ONE.at(3), delta(Change.put(weighing(B, 7)))));
		this.second.add(new Observation(at(2), "s2", 2, true, ONE.at(3), snapshot(true, A, B)));
		assertThat(violations()).contains(Rule.WATCHERS_DISAGREE);
	}

	@Test
	void fenceThatComesBack() {
		startBoth();
		this.lifeOfB.add(Act.of(Act.Kind.CRASHED, at(1)));
		both(20, ONE.at(3), delta(Change.gone("orders", "b", "EXPIRED")));
		both(21, ONE.at(4), delta(Change.put(B)));
		assertThat(violations()).contains(Rule.CAME_BACK);
	}

	@Test
	void fenceThatGoesBack() {
		startBoth();
		both(2, ONE.at(3), delta(Change.put(InstanceView.of("orders", "b", 30, "UP", 100))));
		both(3, ONE.at(4), delta(Change.put(B)));
		assertThat(violations()).contains(Rule.CAME_BACK);
	}

	@Test
	void deregisteredInstanceMayComeBackWithANewEpochButForOneTtlOnly() {
		startBoth();
		this.lifeOfB.add(Act.of(Act.Kind.LEAVING, at(2))).add(Act.of(Act.Kind.DEREGISTERED, at(2.1)));
		both(2.1, ONE.at(3), delta(Change.gone("orders", "b", "DEREGISTERED")));
		renewed(this.lifeOfA, 10, TWO.at(2));
		both(5, TWO.at(2), snapshot(false, A, B));
		both(19, TWO.at(3), delta(Change.gone("orders", "b", "EXPIRED")));
		renewed(this.lifeOfA, 20, TWO.at(3));
		both(20.5, TWO.at(3), snapshot(true, A));
		this.history.head("s1", TWO.at(3));
		assertThat(violations()).isEmpty();
		both(25, TWO.at(4), delta(Change.put(B)));
		assertThat(violations()).contains(Rule.CAME_BACK);
	}

	@Test
	void expiryOfAnInstanceThatRenews() {
		startBoth();
		renewed(this.lifeOfB, 5, ONE.at(2));
		renewed(this.lifeOfB, 10, ONE.at(2));
		both(16, ONE.at(3), delta(Change.gone("orders", "b", "EXPIRED")));
		assertThat(violations()).contains(Rule.FALSE_EVICTION);
	}

	@Test
	void expiryOfAnInstanceThatReachesOnlyServersThatCannotRenew() {
		startBoth();
		this.lifeOfB.add(new Act(Act.Kind.UNAVAILABLE, at(10), at(10), null, null));
		both(16, ONE.at(3), delta(Change.gone("orders", "b", "EXPIRED")));
		assertThat(violations()).contains(Rule.FALSE_EVICTION);
	}

	@Test
	void expiryOfAFrozenInstanceIsRight() {
		startBoth();
		this.lifeOfB.add(Act.of(Act.Kind.FROZEN, at(1)));
		renewed(this.lifeOfA, 10, ONE.at(2));
		both(16, ONE.at(3), delta(Change.gone("orders", "b", "EXPIRED")));
		assertThat(violations()).containsOnly(Rule.WRONG_IN_THE_END);
	}

	@Test
	void refusalByAFrozenInstanceWithAnOpenPort() {
		startBoth();
		this.lifeOfB.add(Act.of(Act.Kind.FROZEN, at(1)));
		renewed(this.lifeOfA, 10, ONE.at(2));
		both(16, ONE.at(3), delta(Change.gone("orders", "b", "REFUSED")));
		assertThat(violations()).contains(Rule.FALSE_EVICTION);
	}

	@Test
	void refusalByACrashedInstanceIsRight() {
		startBoth();
		this.lifeOfB.add(Act.of(Act.Kind.CRASHED, at(1)));
		both(2, ONE.at(3), delta(Change.gone("orders", "b", "REFUSED")));
		this.history.head("s1", ONE.at(3));
		assertThat(violations()).isEmpty();
	}

	@Test
	void departureOfAnInstanceThatDidNotLeave() {
		startBoth();
		both(2, ONE.at(3), delta(Change.gone("orders", "b", "DEREGISTERED")));
		assertThat(violations()).contains(Rule.FALSE_EVICTION);
	}

	@Test
	void completeSnapshotWithoutAnAcknowledgedInstance() {
		startBoth();
		renewed(this.lifeOfB, 5, TWO.at(1));
		both(10, TWO.at(1), snapshot(true, A));
		this.history.head("s1", TWO.at(1));
		assertThat(violations()).contains(Rule.FALSE_EVICTION);
	}

	@Test
	void serviceThatBecomesEmpty() {
		startBoth();
		renewed(this.lifeOfA, 5, TWO.at(1));
		this.first.add(seen(10, TWO.at(1), snapshot(true)));
		assertThat(violations()).contains(Rule.EMPTY_SERVICE);
	}

	@Test
	void watcherThatStaysBehind() {
		startBoth();
		update(B, 7, 3);
		this.first.add(seen(2, ONE.at(3), delta(Change.put(weighing(B, 7)))));
		this.history.head("s1", ONE.at(3));
		assertThat(violations()).containsExactly(Rule.WRONG_IN_THE_END);
	}

	@Test
	void serversThatStandAtDifferentPlaces() {
		startBoth();
		this.history.head("s2", ONE.at(1));
		assertThat(violations()).containsExactly(Rule.WRONG_IN_THE_END);
	}

	@Test
	void instanceThatWasStartedASecondTimeInVainIsStillTheFirst() {
		startBoth();
		Life second = new Life("orders", "b", at(2));
		second.add(Act.of(Act.Kind.CRASHED, at(3)));
		this.history.add(second);
		assertThat(violations()).isEmpty();
	}

	@Test
	void instanceThatHasEndedAndIsStillKnown() {
		startBoth();
		this.lifeOfB.add(Act.of(Act.Kind.CRASHED, at(1)));
		assertThat(violations()).containsOnly(Rule.WRONG_IN_THE_END);
	}

	@Test
	void supersededThoughNoInstanceTookThePlace() {
		startBoth();
		this.lifeOfB.add(Act.of(Act.Kind.SUPERSEDED, at(3)));
		assertThat(violations()).contains(Rule.WRONGLY_SUPERSEDED);
	}

	@Test
	void supersededByAnInstanceThatCameOnlyLater() {
		startBoth();
		this.lifeOfB.add(Act.of(Act.Kind.SUPERSEDED, at(3)));
		this.history.add(new Life("orders", "b", at(4)));
		assertThat(violations()).contains(Rule.WRONGLY_SUPERSEDED);
	}

	@Test
	void supersededByANewcomerOrByALateRegistrationIsRight() {
		startBoth();
		this.history.add(new Life("orders", "b", at(2)));
		this.lifeOfB.add(Act.of(Act.Kind.SUPERSEDED, at(3)));
		Life before = this.history.add(new Life("orders", "c", at(1)));
		before.add(new Act(Act.Kind.SILENCE, at(1.5), at(6.5), null, null)).add(Act.of(Act.Kind.CRASHED, at(2)));
		this.history.add(new Life("orders", "c", at(3))).add(Act.of(Act.Kind.SUPERSEDED, at(5)));
		assertThat(violations()).doesNotContain(Rule.WRONGLY_SUPERSEDED);
	}

	private void startBoth() {
		both(1, ONE.at(2), snapshot(true, A, B));
	}

	private void both(double seconds, Cursor cursor, News news) {
		this.first.add(seen(seconds, cursor, news));
		this.second.add(seen(seconds, cursor, news));
	}

	private void update(InstanceView instance, int weight, long revision) {
		registered(instance.equals(A) ? this.lifeOfA : this.lifeOfB, 1.5, weighing(instance, weight), ONE.at(revision));
	}

	private List<Rule> violations() {
		return HistoryChecker.check(this.history).stream().map(Violation::rule).toList();
	}

	private static void registered(Life life, double seconds, InstanceView instance, Cursor cursor) {
		life.add(new Act(Act.Kind.REGISTERED, at(seconds), at(seconds), instance, cursor));
	}

	private static void renewed(Life life, double seconds, Cursor cursor) {
		life.add(new Act(Act.Kind.RENEWED, at(seconds), at(seconds), null, cursor));
	}

	private static InstanceView weighing(InstanceView instance, int weight) {
		return InstanceView.of(instance.service(), instance.id(), instance.fence(), instance.status(), weight);
	}

	private static Observation seen(double seconds, Cursor cursor, News news) {
		return new Observation(at(seconds), "s1", 1, true, cursor, news);
	}

	private static Snapshot snapshot(boolean complete, InstanceView... instances) {
		return new Snapshot(complete, List.of(instances));
	}

	private static Delta delta(Change... changes) {
		return new Delta(List.of(changes));
	}

	private static long at(double seconds) {
		return Times.seconds(seconds);
	}

}
