package io.redmesh.registry.chaos.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

import io.redmesh.core.registry.Cursor;
import io.redmesh.registry.chaos.history.Observation.Change;
import io.redmesh.registry.chaos.history.Observation.Delta;
import io.redmesh.registry.chaos.history.Observation.Snapshot;
import io.redmesh.registry.chaos.history.Replay.Step;
import org.jspecify.annotations.Nullable;

/**
 * Rule (b). Between two events a watcher knows of each instance that it stayed as it was
 * over a stretch of revisions. Where the stretches of two watchers have a revision in
 * common, both must say the same.
 */
final class EveryoneSeesTheSame {

	private final History history;

	private final Findings findings;

	private final Set<String> names = new TreeSet<>();

	private final Map<String, List<Stretch>> stretches = new HashMap<>();

	EveryoneSeesTheSame(History history, Findings findings) {
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
					String name = place.substring(place.indexOf(' ') + 1);
					this.findings.add(Violation.Rule.WATCHERS_DISAGREE, name, other.since.at(),
							"%s at revision %d of epoch %s".formatted(name, other.from, place.split(" ")[0]),
							List.of(one, other));
				}
			}
		}
	}

	/**
	 * What one watcher knows of one instance.
	 *
	 * @param from the first revision at which it is so
	 * @param to the last one
	 * @param instance how it is, or null if it is not there
	 * @param gone why it is not there, or null if that was not said
	 * @param watcher who knows
	 * @param since the event by which it became so
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
					(this.instance != null) ? this.instance : "not there (" + this.gone + ")", this.since);
		}

	}

	/** What one watcher knows of an epoch, from that epoch itself. */
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
				// An incomplete one still holds what was known of the epoch before.
				if (snapshot.complete()) {
					EveryoneSeesTheSame.this.names.stream()
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
				add(step, change.name(), change.name() + " changed to what it was, so the change came twice");
			}
			close(change.name());
			open(change.name(), change.instance(), change.gone(), step.observation());
		}

		private void add(Step step, String subject, String what) {
			EveryoneSeesTheSame.this.findings.add(Violation.Rule.WATCHERS_DISAGREE, "sequence " + subject,
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
				EveryoneSeesTheSame.this.stretches
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
