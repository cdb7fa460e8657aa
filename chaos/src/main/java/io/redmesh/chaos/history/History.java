package io.redmesh.chaos.history;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import io.redmesh.core.registry.Cursor;
import org.jspecify.annotations.Nullable;

/**
 * The history of a run: what watchers saw, what was true, and what was done to the
 * processes. Safe for use by many threads while it is written; to be read after the run.
 */
public final class History {

	private final long origin = System.nanoTime();

	private final List<WatcherHistory> watchers = new CopyOnWriteArrayList<>();

	private final List<Life> lives = Collections.synchronizedList(new ArrayList<>());

	private final Map<String, List<Life>> livesOf = new ConcurrentHashMap<>();

	private final List<Fault> faults = Collections.synchronizedList(new ArrayList<>());

	private final Map<String, Cursor> heads = Collections.synchronizedMap(new TreeMap<>());

	/**
	 * Returns the current time.
	 * @return nanoseconds since the run began
	 */
	public long now() {
		return System.nanoTime() - this.origin;
	}

	public WatcherHistory add(WatcherHistory watcher) {
		this.watchers.add(watcher);
		return watcher;
	}

	public Life add(Life life) {
		this.lives.add(life);
		this.livesOf.computeIfAbsent(life.name(), (name) -> new CopyOnWriteArrayList<>()).add(life);
		return life;
	}

	public Fault add(Fault fault) {
		this.faults.add(fault);
		return fault;
	}

	/**
	 * Records the cursor at which a server stood in the end.
	 * @param server the name of the server
	 * @param head its cursor
	 */
	public void head(String server, Cursor head) {
		this.heads.put(server, head);
	}

	public List<WatcherHistory> watchers() {
		return this.watchers;
	}

	public List<Life> lives() {
		synchronized (this.lives) {
			return List.copyOf(this.lives);
		}
	}

	/** Returns all lives of one name. */
	List<Life> livesOf(String name) {
		return this.livesOf.getOrDefault(name, List.of());
	}

	Map<String, Cursor> heads() {
		return this.heads;
	}

	public List<Fault> faults() {
		synchronized (this.faults) {
			return List.copyOf(this.faults);
		}
	}

	/** Returns the last life of each instance, by its name. */
	Map<String, Life> lastLives() {
		Map<String, Life> last = new TreeMap<>();
		this.livesOf.forEach((name, lives) -> last.put(name,
				lives.stream()
					.filter((life) -> life.truth() != null)
					.max(Comparator.comparingLong(Life::registeredAt))
					.orElse(lives.get(lives.size() - 1))));
		return last;
	}

	/** Returns the life that received a fence, or null if no response with it arrived. */
	@Nullable Life lifeOf(String service, String id, long fence) {
		return livesOf(service + "/" + id).stream().filter((life) -> life.hadFence(fence)).findFirst().orElse(null);
	}

	/** Returns the faults whose effects may still be seen at a time. */
	List<Fault> faultsAround(long at) {
		return faults().stream().filter((fault) -> fault.from() <= at && at <= fault.to() + Times.seconds(30)).toList();
	}

	/**
	 * A fault that was injected.
	 *
	 * @param from when it began, in nanoseconds since the run began
	 * @param to when it ended
	 * @param what a description
	 */
	public record Fault(long from, long to, String what) {

		@Override
		public String toString() {
			return "%s to %s %s".formatted(Times.text(this.from), Times.text(this.to), this.what);
		}

	}

}
