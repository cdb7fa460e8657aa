package io.redmesh.registry.watch;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import io.redmesh.registry.catalog.CatalogPosition;
import io.redmesh.registry.catalog.Change;
import io.redmesh.registry.catalog.RuleSet;
import io.redmesh.registry.catalog.ServiceView;
import io.redmesh.registry.store.Guard;

/**
 * A server-sent event, encoded. Its parts were encoded before and are only joined here.
 * Names and cursors need no escaping.
 *
 * @param kind the kind of event
 * @param bytes the event with the empty line that ends it
 */
@SuppressWarnings("ArrayRecordComponent")
record Frame(Kind kind, byte[] bytes) {

	private static final byte[] END = "\n\n".getBytes(StandardCharsets.US_ASCII);

	/** The kinds of frames, which are also a tag of the metrics. */
	enum Kind {

		/** Everything that is watched. */
		SNAPSHOT,

		/** Changes since the last frame. */
		DELTA,

		/** All traffic rules. */
		RULES,

		/** A sign that the connection is alive. */
		PING

	}

	/**
	 * Creates a ping, with the guards that keep instances from being evicted.
	 * @param id the id of the event
	 * @param guards the guards that hold; their names need no escaping
	 * @return the frame
	 */
	static Frame ping(String id, Collection<Guard> guards) {
		String data = guards.isEmpty() ? "{}"
				: guards.stream().map(Guard::toString).collect(Collectors.joining("\",\"", "{\"guards\":[\"", "\"]}"));
		return new Frame(Kind.PING, ascii("event: ping\nid: " + id + "\ndata: " + data + "\n\n"));
	}

	static Frame snapshot(String id, CatalogPosition position, Collection<ServiceView> services) {
		Writer frame = new Writer("snapshot", id, services.stream().mapToInt((service) -> service.json().length).sum());
		frame.add("{\"cursor\":\"" + position.cursor() + "\",\"complete\":" + position.complete() + ",\"services\":{");
		String separator = "\"";
		for (ServiceView service : services) {
			frame.add(separator + service.service() + "\":");
			frame.add(service.json());
			separator = ",\"";
		}
		frame.add("}}");
		return frame.end(Kind.SNAPSHOT);
	}

	static Frame delta(String id, CatalogPosition position, List<Change> changes) {
		Writer frame = new Writer("delta", id, changes.stream().mapToInt((change) -> change.json().length).sum());
		frame.add("{\"cursor\":\"" + position.cursor() + "\",\"changes\":[");
		String separator = "";
		for (Change change : lastOfEach(changes)) {
			frame.add(separator);
			frame.add(change.json());
			separator = ",";
		}
		frame.add("]}");
		return frame.end(Kind.DELTA);
	}

	/**
	 * Creates the event of all traffic rules. It has no id: a reader that resumes after
	 * the event before it receives the rules again.
	 * @param rules the rules
	 * @param complete whether no rule can be missing; if not, rules that were deleted
	 * lately are listed
	 * @return the frame
	 */
	static Frame rules(RuleSet rules, boolean complete) {
		byte[] all = complete ? rules.json() : rules.jsonWithDeleted();
		Writer frame = new Writer("event: rules\ndata: ", all.length);
		frame.add("{\"cursor\":\"" + rules.changed() + "\",\"complete\":" + complete + ",\"revision\":\""
				+ rules.revision() + "\",\"rules\":");
		frame.add(all);
		frame.add("}");
		return frame.end(Kind.RULES);
	}

	/** Returns the last change of each instance, in the order in which they happened. */
	private static List<Change> lastOfEach(List<Change> changes) {
		if (changes.size() < 2) {
			return changes;
		}
		Set<String> seen = new HashSet<>();
		List<Change> last = new ArrayList<>(changes.size());
		for (int i = changes.size() - 1; i >= 0; i--) {
			Change change = changes.get(i);
			if (seen.add(change.service() + "/" + change.id())) {
				last.add(change);
			}
		}
		Collections.reverse(last);
		return last;
	}

	private static byte[] ascii(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

	private static final class Writer {

		private final ByteArrayOutputStream bytes;

		Writer(String event, String id, int payload) {
			this("event: " + event + "\nid: " + id + "\ndata: ", payload);
		}

		Writer(String head, int payload) {
			this.bytes = new ByteArrayOutputStream(payload + 512);
			add(head);
		}

		void add(String text) {
			add(ascii(text));
		}

		void add(byte[] text) {
			this.bytes.writeBytes(text);
		}

		Frame end(Kind kind) {
			add(END);
			return new Frame(kind, this.bytes.toByteArray());
		}

	}

}
