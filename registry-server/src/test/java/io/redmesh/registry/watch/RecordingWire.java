package io.redmesh.registry.watch;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;

/** A wire whose network takes a frame only when the test says so. */
final class RecordingWire implements Wire {

	final List<String> frames = new ArrayList<>();

	final Deque<Runnable> unwritten = new ArrayDeque<>();

	/** The thread of the connection, by default that of the caller. */
	Executor thread = Runnable::run;

	boolean open = true;

	boolean completed;

	boolean cut;

	@Override
	public Executor thread() {
		return this.thread;
	}

	@Override
	public boolean isOpen() {
		return this.open;
	}

	@Override
	public void send(byte[] frame, Runnable written) {
		this.frames.add(new String(frame, StandardCharsets.UTF_8));
		this.unwritten.add(written);
	}

	@Override
	public void complete() {
		this.completed = true;
	}

	@Override
	public void cut() {
		this.cut = true;
	}

	/** Takes all frames, also those that are sent in turn. */
	void takeAll() {
		for (Runnable written = this.unwritten.poll(); written != null; written = this.unwritten.poll()) {
			written.run();
		}
	}

	String last() {
		return this.frames.get(this.frames.size() - 1);
	}

}
