package io.redmesh.chaos.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

import io.redmesh.chaos.history.Observation.Change;
import io.redmesh.chaos.history.Observation.Delta;
import io.redmesh.chaos.history.Observation.Snapshot;
import io.redmesh.chaos.history.Replay.Step;
import io.redmesh.core.registry.Cursor;
import org.jspecify.annotations.Nullable;

/**
 * The check of rule (b): all watchers see the same. Between two events a watcher knows of
 * each instance that it stayed as it was over a stretch of revisions. Where the stretches
 * of two watchers have a revision in common, both must agree.
 */
final class AllWatchersSeeTheSame {

	private final History history;

	private final Findings findings;

	private final Set<String> names = new TreeSet<>();

	private final Map<String, List<Stretch>> stretches = new HashMap<>();

	AllWatchersSeeTheSame(History history, Findings findings) {
		this.history = history;
		this.findings = findings;
	}

	void check() {
		for (WatcherHistory watcher : this.history.watchers()) {
			for (Observation observation : watcher.observations()) {
				if (observation.news() instanceof Snapshot snapshot) {
					snapshot.instances().forEach((instance) -> this.names.add(instance.name()));
				}
				else if (observation.news() instanceof Delta delta) {
					delta.changes().forEach((change) -> this.names.add(change.name()));
				}
			}
		}
		for (WatcherHistory watcher : this.history.watchers()) {
			Knowledge knowledge = new Knowledge(watcher);
			Replay.of(watcher, (step, replay) -> knowledge.take(step));
			knowledge.end();
		}
		this.stretches.forEach(this::compare);
	}

	private void compare(String place, List<Stretch> all) {
		all.sort(Comparator.comparingLong(Stretch::from));
		for (int i = 0; i < all.size(); i++) {
			Stretch one = all.get(i);
			for (int j = i + 1; j < all.size() && all.get(j).from <= one.to; j++) {
				Stretch other = all.get(j);
				if (!one.agreesWith(other)) {
					int space = place.indexOf(' ');
					String name = place.substring(space + 1);
					this.findings.add(Violation.Rule.WATCHERS_DISAGREE, name, other.since.at(),
							"%s at revision %d of epoch %s".formatted(name, other.from, place.substring(0, space)),
							List.of(one, other));
				}
			}
		}
	}

	/**
	 * The knowledge of one watcher about one instance over a stretch of revisions.
	 *
	 * @param from the first revision of the stretch
	 * @param to the last revision of the stretch
	 * @param instance the instance, or null if it is not registered
	 * @param gone the reason why it is not registered, or null if none was given
	 * @param watcher the name of the watcher
	 * @param since the event with which the stretch began
	 */
	private record Stretch(long from, long to, @Nullable InstanceView instance, @Nullable String gone, String watcher,
			Observation since) {

		boolean agreesWith(Stretch other) {
			if (this.instance != null || other.instance != null) {
				return this.instance != null && this.instance.equals(other.instance);
			}
			return this.gone == null || other.gone == null || this.gone.equals(other.gone);
		}

		@Override
		public String toString() {
			return "%s knows from %d to %d: %s, since %s".formatted(this.watcher, this.from, this.to,
					(this.instance != null) ? this.instance : "not registered (" + this.gone + ")", this.since);
		}

	}

	/** The knowledge of one watcher about an epoch, from events of that epoch alone. */
	private final class Knowledge {

		private final WatcherHistory watcher;

		private final Map<String, Stretch> open = new HashMap<>();

		private @Nullable Cursor at;

		Knowledge(WatcherHistory watcher) {
			this.watcher = watcher;
		}

		void take(Step step) {
			if (step.observation().news() instanceof Snapshot snapshot) {
				end();
				this.at = step.to();
				// An incomplete snapshot still holds instances of the previous epoch.
				if (snapshot.complete()) {
					AllWatchersSeeTheSame.this.names.stream()
						.filter((name) -> this.watcher.watches(name.substring(0, name.indexOf('/'))))
						.forEach((name) -> open(name, null, null, step.observation()));
					snapshot.instances()
						.forEach((instance) -> open(instance.name(), instance, null, step.observation()));
				}
			}
			else if (step.observation().news() instanceof Delta delta && this.at != null) {
				long length = step.to().revision() - this.at.revision();
				if (delta.changes().size() > length) {
					add(step, this.watcher.name(),
							"%d changes in %d revisions".formatted(delta.changes().size(), length));
				}
				delta.changes().forEach((change) -> change(step, change, length));
				this.at = step.to();
			}
		}

		private void change(Step step, Change change, long length) {
			Stretch last = this.open.get(change.name());
			if (last != null && length == 1 && Objects.equals(change.instance(), last.instance)) {
				add(step, change.name(), change.name() + " changed to what it was, so the change was sent twice");
			}
			close(change.name());
			open(change.name(), change.instance(), change.gone(), step.observation());
		}

		private void add(Step step, String subject, String what) {
			AllWatchersSeeTheSame.this.findings.add(Violation.Rule.WATCHERS_DISAGREE, "sequence " + subject,
					step.observation().at(), this.watcher.name() + ": " + what,
					List.of("after " + step.from(), step.observation()));
		}

		private void open(String name, @Nullable InstanceView instance, @Nullable String gone, Observation since) {
			long revision = since.cursor().revision();
			this.open.put(name, new Stretch(revision, revision, instance, gone, this.watcher.name(), since));
		}

		private void close(String name) {
			Stretch last = this.open.remove(name);
			if (last != null && this.at != null) {
				AllWatchersSeeTheSame.this.stretches
					.computeIfAbsent(Timeline.epochOf(this.at) + " " + name, (key) -> new ArrayList<>())
					.add(new Stretch(last.from, this.at.revision(), last.instance, last.gone, last.watcher,
							last.since));
			}
		}

		void end() {
			List.copyOf(this.open.keySet()).forEach(this::close);
		}

	}

}
