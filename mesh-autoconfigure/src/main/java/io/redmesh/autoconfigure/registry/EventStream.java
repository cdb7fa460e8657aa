package io.redmesh.autoconfigure.registry;

import java.net.URI;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

import io.redmesh.autoconfigure.registry.RegistryClient.WatchListener;
import org.jspecify.annotations.Nullable;

/**
 * A response of type {@code text/event-stream}, as the HTML standard's <em>Server-sent
 * events</em> describes it. It is read line by line and only on request, so that a slow
 * reader slows the server down.
 */
final class EventStream implements RegistryClient.Watch, BodyHandler<@Nullable Void>, Flow.Subscriber<String> {

	private final URI url;

	private final WatchListener listener;

	private final Runnable onFailure;

	private final AtomicBoolean ended = new AtomicBoolean();

	private final StringBuilder data = new StringBuilder();

	private String event = "";

	private String id = "";

	private volatile @Nullable Future<?> receiveTask;

	private volatile Flow.@Nullable Subscription lines;

	EventStream(URI url, WatchListener listener, Runnable onFailure) {
		this.url = url;
		this.listener = listener;
		this.onFailure = onFailure;
	}

	/** Sets the task to cancel when this stream is closed. */
	void setReceiveTask(Future<?> receiveTask) {
		this.receiveTask = receiveTask;
	}

	@Override
	public BodySubscriber<@Nullable Void> apply(ResponseInfo head) {
		boolean events = head.statusCode() == 200
				&& head.headers().firstValue("Content-Type").orElse("").startsWith("text/event-stream");
		if (events) {
			return BodySubscribers.fromLineSubscriber(this, (stream) -> null, StandardCharsets.UTF_8, null);
		}
		return BodySubscribers.mapping(BodySubscribers.ofString(StandardCharsets.UTF_8), (body) -> {
			end(RegistryAnswers.describe(this.url, head.statusCode(), body));
			return null;
		});
	}

	@Override
	public void onSubscribe(Flow.Subscription subscription) {
		this.lines = subscription;
		subscription.request(1);
	}

	@Override
	public void onNext(String line) {
		if (line.isEmpty() && !this.data.isEmpty()) {
			dispatch();
			return;
		}
		int colon = line.indexOf(':');
		String field = (colon >= 0) ? line.substring(0, colon) : line;
		String value = (colon >= 0) ? line.substring(colon + 1) : "";
		read(field, value.startsWith(" ") ? value.substring(1) : value);
		next();
	}

	/**
	 * Reads a field. Ignores comments, whose field name is empty, and {@code retry},
	 * since the watch loop has a backoff of its own.
	 */
	private void read(String field, String value) {
		if (field.equals("event")) {
			this.event = value;
		}
		else if (field.equals("data")) {
			this.data.append(value).append('\n');
		}
		else if (field.equals("id")) {
			this.id = value;
		}
	}

	private void dispatch() {
		String text = this.data.toString();
		String name = this.event;
		this.data.setLength(0);
		this.event = "";
		WatchEvent read = WatchEvents.read(name, this.id, text);
		if (read != null && !this.ended.get()) {
			this.listener.received(read, this.id);
		}
		else {
			next();
		}
	}

	@Override
	public void next() {
		Flow.Subscription subscription = this.lines;
		if (subscription != null) {
			subscription.request(1);
		}
	}

	@Override
	public void onError(Throwable failure) {
		end(RegistryAnswers.describe(this.url, failure));
	}

	@Override
	public void onComplete() {
		end(this.url + ": the server has ended the watch");
	}

	private void end(String reason) {
		if (this.ended.compareAndSet(false, true)) {
			this.onFailure.run();
			this.listener.ended(reason);
		}
	}

	@Override
	public void giveUp(String reason) {
		end(this.url + ": " + reason);
		close();
	}

	@Override
	public void close() {
		this.ended.set(true);
		Flow.Subscription subscription = this.lines;
		if (subscription != null) {
			subscription.cancel();
		}
		Future<?> receiving = this.receiveTask;
		if (receiving != null) {
			receiving.cancel(true);
		}
	}

}
