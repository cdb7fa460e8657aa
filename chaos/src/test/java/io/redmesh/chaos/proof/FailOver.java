package io.redmesh.chaos.proof;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.redmesh.chaos.history.History.Fault;
import io.redmesh.chaos.history.HistoryChecker;
import io.redmesh.chaos.history.Violation;
import io.redmesh.chaos.mesh.Listing;
import io.redmesh.chaos.mesh.Registrations;
import io.redmesh.chaos.mesh.Registrations.Answer;
import io.redmesh.chaos.mesh.Server;
import io.redmesh.chaos.mesh.SimulatedInstances;
import io.redmesh.chaos.mesh.SimulatedWatcher;
import io.redmesh.chaos.mesh.SteadyReader;
import io.redmesh.chaos.process.RedisProcess;
import io.redmesh.chaos.process.ReplicatedRedis;
import io.redmesh.chaos.process.Waiting;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A scenario: the master of a replicated Redis fails while many instances register, and a
 * replica takes over. Readers notice nothing. Writes fail only for a while.
 */
final class FailOver {

	private static final int PER_SECOND = 500;

	/** The number of ids. Each is registered anew every 3 s. */
	private static final int IDS = 1500;

	private static final int STANDING = 100;

	private static final String READ = "read";

	private static final long SECOND = 1_000_000_000L;

	private final List<ReplicatedRedis> redis = new ArrayList<>();

	private final Stage stage;

	private final boolean freezes;

	private final List<SimulatedWatcher> wanderers = new ArrayList<>();

	FailOver(Function<Path, ? extends ReplicatedRedis> redis, boolean freezes) {
		this.stage = new Stage((directory) -> {
			ReplicatedRedis made = redis.apply(directory);
			this.redis.add(made);
			return made;
		});
		this.freezes = freezes;
	}

	void play(String name) {
		try (this.stage;
				SimulatedInstances standing = new SimulatedInstances(this.stage.history(), this.stage.servers(), 7)) {
			this.stage.start();
			register(standing);
			List<SteadyReader> readers = this.stage.servers()
				.stream()
				.map((server) -> new SteadyReader(server, READ, Listing.of(server, READ).keySet()))
				.toList();
			try (Registrations registrations = new Registrations(this.stage.history(), this.stage.servers(), PER_SECOND,
					IDS, 7)) {
				play(name, registrations, readers);
			}
			finally {
				readers.forEach(SteadyReader::close);
				this.wanderers.forEach(SimulatedWatcher::close);
			}
		}
	}

	private void register(SimulatedInstances standing) {
		for (int i = 0; i < STANDING; i++) {
			standing.start((i % 2 == 0) ? READ : "other", "i" + i);
		}
		for (int i = 0; i < 2; i++) {
			int half = i;
			this.wanderers.add(new SimulatedWatcher(this.stage.history(), "wanderer" + i,
					new TreeSet<>(Set.of(READ, "churn-1")), this.stage.servers(), i,
					() -> standing.doubt((id) -> Math.floorMod(id.hashCode(), 2) == half)));
		}
		Waiting.until("the standing instances are listed", Duration.ofSeconds(60),
				() -> this.stage.allKnow((known) -> known.size() == STANDING));
	}

	private void play(String name, Registrations registrations, List<SteadyReader> readers) {
		Waiting.pause(Duration.ofSeconds(18));
		RedisProcess master = Objects.requireNonNull(this.redis.get(0).master());
		long fault = this.stage.now();
		begin(master);
		Waiting.until("a new master", Duration.ofSeconds(60), () -> isReplaced(master));
		double decided = this.stage.secondsSince(fault);
		Waiting.until("writes resume", Duration.ofSeconds(60), () -> resumed(registrations.answers(), fault) > 0);
		long resumed = resumed(registrations.answers(), fault);
		Waiting.pause(Duration.ofSeconds(6).minusNanos(this.stage.now() - resumed));
		Set<String> missing = missing(registrations);
		Waiting.pause(Duration.ofSeconds(10));
		long without = this.stage.now();
		end(master);
		this.stage.history().add(new Fault(fault, this.stage.now(), "the master is down"));
		Waiting.pause(Duration.ofSeconds(10));
		List<Answer> answers = registrations.answers();
		long offered = Math.round(rate(answers, fault - 10 * SECOND, this.stage.now(), false));
		double before = rate(answers, fault - 10 * SECOND, fault, true);
		double after = rate(answers, resumed + 2 * SECOND, without, true);
		double writes = (resumed(answers, fault) - fault) / 1e9;
		// Redis itself decides how long a fail-over takes, and that varies.
		double limit = Math.max(4, decided + 1);
		ProofTests.print(
				"%s: %d registrations/s offered, %.0f/s done before and %.0f/s after; new master after %.2f, writes back "
						+ "after %.2f (%s; target %.2f), %d refused or lost; %d missing 6 s later",
				name, offered, before, after, decided, writes, byServer(answers, fault), limit,
				answers.stream().filter((answer) -> answer.sent() >= fault && !answer.isAcknowledged()).count(),
				missing.size());
		judge(name, registrations, readers);
		assertThat(missing).isEmpty();
		assertThat(before).isGreaterThan(0.98 * PER_SECOND);
		assertThat(after).isGreaterThan(0.98 * PER_SECOND);
		assertThat(writes).isLessThan(limit);
	}

	private boolean isReplaced(RedisProcess master) {
		int port = this.redis.get(0).decidedPort();
		return port != 0 && port != master.port();
	}

	private void begin(RedisProcess master) {
		if (this.freezes) {
			master.freeze();
		}
		else {
			master.kill();
		}
	}

	private void end(RedisProcess master) {
		if (this.freezes) {
			master.thaw();
		}
		else {
			master.start();
		}
	}

	private void judge(String name, Registrations registrations, List<SteadyReader> readers) {
		registrations.settle();
		boolean agreed = Waiting.happens(Duration.ofSeconds(60), () -> registrations.areRegistered() && agree());
		List<String> wrong = readers.stream().flatMap((reader) -> reader.wrong().stream()).toList();
		List<Violation> violations = HistoryChecker.check(this.stage.history());
		ProofTests.print("%s: %d reads, %d wrong, the slowest %.3f; %d violations in %d revisions; %s", name,
				readers.stream().mapToLong(SteadyReader::count).sum(), wrong.size(),
				readers.stream().mapToLong(SteadyReader::slowest).max().orElse(0) / 1e9, violations.size(),
				HistoryChecker.countRevisions(this.stage.history()), agreed ? "all agree" : "no agreement");
		violations.stream().limit(3).forEach((violation) -> System.out.println(violation));
		assertThat(wrong).isEmpty();
		assertThat(violations).extracting(Violation::rule).isEmpty();
		assertThat(agreed).isTrue();
	}

	/** Returns the time at which writes were possible again at all servers, or 0. */
	private long resumed(List<Answer> answers, long fault) {
		Map<String, Long> ends = ends(answers, fault);
		return (ends.size() == this.stage.servers().size())
				? ends.values().stream().mapToLong(Long::longValue).max().orElse(0) : 0;
	}

	/**
	 * Returns by server the end of the longest time without an acknowledgement, if that
	 * time was at least a second.
	 */
	private static Map<String, Long> ends(List<Answer> answers, long fault) {
		Map<String, Long> longest = new TreeMap<>();
		Map<String, Long> ends = new TreeMap<>();
		Map<String, Long> last = new TreeMap<>();
		answers.stream()
			.filter((answer) -> answer.isAcknowledged() && answer.answered() >= fault)
			.sorted((one, other) -> Long.compare(one.answered(), other.answered()))
			.forEach((answer) -> {
				long gap = answer.answered() - last.getOrDefault(answer.server(), fault);
				if (gap > Math.max(SECOND, longest.getOrDefault(answer.server(), 0L))) {
					longest.put(answer.server(), gap);
					ends.put(answer.server(), answer.answered());
				}
				last.put(answer.server(), answer.answered());
			});
		return ends;
	}

	private static String byServer(List<Answer> answers, long fault) {
		return ends(answers, fault).entrySet()
			.stream()
			.map((end) -> "%s %.2f".formatted(end.getKey(), (end.getValue() - fault) / 1e9))
			.collect(Collectors.joining(", "));
	}

	private Set<String> missing(Registrations registrations) {
		Set<String> living = new HashSet<>(registrations.names());
		IntStream.range(0, STANDING).forEach((i) -> living.add(((i % 2 == 0) ? READ : "other") + "/i" + i));
		Set<String> missing = new TreeSet<>();
		for (Server server : this.stage.servers()) {
			Set<String> listed = Listing.all(server).keySet();
			living.stream().filter((name) -> !listed.contains(name)).forEach(missing::add);
		}
		return missing;
	}

	private boolean agree() {
		Waiting.pause(Duration.ofSeconds(1));
		this.stage.noteHeads();
		return HistoryChecker.agree(this.stage.history());
	}

	private static double rate(List<Answer> answers, long from, long to, boolean acknowledged) {
		long count = answers.stream()
			.filter((answer) -> answer.sent() >= from && answer.sent() < to
					&& (!acknowledged || answer.isAcknowledged()))
			.count();
		return count * 1e9 / (to - from);
	}

}
