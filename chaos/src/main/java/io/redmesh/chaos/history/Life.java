package io.redmesh.chaos.history;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The life of one process of an instance, from its start to its end: what is true. Safe
 * for use by many threads while it is written; read it when the run is over.
 */
public final class Life {

	private final String service;

	private final String id;

	private final long began;

	private final List<Act> acts = new ArrayList<>();

	/**
	 * Begins a life.
	 * @param service its service
	 * @param id its id, which an earlier life may have had too
	 * @param began when it began, in nanoseconds since the run began
	 */
	public Life(String service, String id, long began) {
		this.service = service;
		this.id = id;
		this.began = began;
	}

	public String service() {
		return this.service;
	}

	public String id() {
		return this.id;
	}

	long began() {
		return this.began;
	}

	String name() {
		return this.service + "/" + this.id;
	}

	public synchronized Life add(Act act) {
		this.acts.add(act);
		return this;
	}

	public synchronized List<Act> acts() {
		return List.copyOf(this.acts);
	}

	/**
	 * Tells whether it has begun and not ended.
	 * @param at the time, in nanoseconds since the run began
	 * @return true also while it is frozen
	 */
	boolean livesAt(long at) {
		return this.began <= at && acts().stream().noneMatch((act) -> act.isEnd() && act.sent() <= at);
	}

	/**
	 * Returns the last registration or renewal that was acknowledged by a time, or null.
	 */
	@Nullable Act lastAcknowledged(long at) {
		Act last = null;
		for (Act act : acts()) {
			if (act.isAcknowledged() && act.answered() <= at && (last == null || act.sent() > last.sent())) {
				last = act;
			}
		}
		return last;
	}

	/**
	 * Returns the time at which it last sent something that reached the registry and
	 * should have kept it registered, even if the registry could not carry it out.
	 */
	long lastContact(long at) {
		return acts().stream()
			.filter((act) -> act.isAcknowledged() || act.kind() == Act.Kind.UNAVAILABLE)
			.mapToLong(Act::sent)
			.filter((sent) -> sent <= at)
			.max()
			.orElse(Long.MIN_VALUE / 2);
	}

	/** Returns the state that the registry must know in the end, or null if none. */
	public synchronized @Nullable InstanceView truth() {
		InstanceView truth = null;
		for (Act act : this.acts) {
			if (act.isEnd()) {
				return null;
			}
			truth = (act.instance() != null) ? act.instance() : truth;
		}
		return truth;
	}

	/**
	 * Returns the time at which it sent its last acknowledged registration. Without one
	 * that is the beginning of the life.
	 */
	long registeredAt() {
		return acts().stream().filter((act) -> act.instance() != null).mapToLong(Act::sent).max().orElse(this.began);
	}

	/** Returns the deregistration that was acknowledged, or null. */
	@Nullable Act deregistration() {
		return acts().stream().filter((act) -> act.kind() == Act.Kind.DEREGISTERED).findFirst().orElse(null);
	}

	boolean hadFence(long fence) {
		return acts().stream().anyMatch((act) -> act.instance() != null && act.instance().fence() == fence);
	}

	@Override
	public String toString() {
		List<Act> all = acts();
		return name() + " since " + Times.text(this.began) + ": "
				+ all.subList(Math.max(0, all.size() - 8), all.size());
	}

}
