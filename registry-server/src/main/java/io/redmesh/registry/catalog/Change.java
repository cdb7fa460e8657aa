package io.redmesh.registry.catalog;

import java.nio.charset.StandardCharsets;

import io.redmesh.core.traffic.RuleKey;
import io.redmesh.registry.json.Json;
import io.redmesh.registry.store.FeedEvent.Departure;
import org.jspecify.annotations.Nullable;

/**
 * A visible change of a namespace, with its JSON, which is encoded once.
 *
 * @param revision the revision of the change
 * @param service the service, {@value #RULES} if a traffic rule has changed
 * @param id the instance's id, or the key of the rule
 * @param json the change as it appears in a delta; empty for a rule, which is in no delta
 */
@SuppressWarnings("ArrayRecordComponent")
public record Change(long revision, String service, String id, byte[] json) {

	/**
	 * The text in place of a service if a traffic rule has changed. No service has it.
	 */
	public static final String RULES = "(rules)";

	private static final byte[] INSTANCE = ",\"instance\":".getBytes(StandardCharsets.US_ASCII);

	/**
	 * Returns whether a traffic rule has changed.
	 * @return false if it is a change of an instance
	 */
	public boolean isOfRules() {
		return this.service.equals(RULES);
	}

	static Change put(long revision, CatalogInstance instance) {
		String service = instance.instance().service();
		String id = instance.instance().id();
		byte[] head = Json.write((json) -> {
			json.writeStartObject();
			json.writeStringProperty("service", service);
			json.writeStringProperty("id", id);
			json.writeEndObject();
		});
		byte[] whole = new byte[head.length + INSTANCE.length + instance.json().length];
		int end = head.length - 1;
		System.arraycopy(head, 0, whole, 0, end);
		System.arraycopy(INSTANCE, 0, whole, end, INSTANCE.length);
		System.arraycopy(instance.json(), 0, whole, end + INSTANCE.length, instance.json().length);
		whole[whole.length - 1] = '}';
		return new Change(revision, service, id, whole);
	}

	static Change rule(long revision, RuleKey key) {
		return new Change(revision, RULES, key.toString(), new byte[0]);
	}

	static Change gone(long revision, String service, String id, @Nullable Departure why) {
		return new Change(revision, service, id, Json.write((json) -> {
			json.writeStartObject();
			json.writeStringProperty("service", service);
			json.writeStringProperty("id", id);
			json.writeStringProperty("gone", (why != null) ? why.name() : Departure.DEREGISTERED.name());
			json.writeEndObject();
		}));
	}

}
