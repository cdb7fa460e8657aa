package io.redmesh.registry.catalog;

import io.redmesh.core.registry.Cursor;
import io.redmesh.core.traffic.RuleKey;
import io.redmesh.registry.json.Json;
import io.redmesh.registry.store.StoredRule;
import io.redmesh.registry.store.StoredRules;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * All traffic rules of a namespace as of one change, with their JSON, which is encoded
 * once.
 * <p>
 * Immutable.
 */
public final class RuleSet {

	/** The rules of a namespace that was not read yet. */
	static final RuleSet UNKNOWN = new RuleSet(null, StoredRules.NONE);

	private final @Nullable Cursor changed;

	private final StoredRules stored;

	private final long revision;

	private volatile byte @Nullable [] json;

	RuleSet(@Nullable Cursor changed, StoredRules stored) {
		this.changed = changed;
		this.stored = stored;
		this.revision = stored.revision();
	}

	/**
	 * Returns the cursor of the last change of a rule.
	 * @return the cursor, or that of the last read of the whole namespace; null if it was
	 * not read yet
	 */
	public @Nullable Cursor changed() {
		return this.changed;
	}

	/** Returns the rules as the store holds them. */
	public StoredRules stored() {
		return this.stored;
	}

	/**
	 * Returns the revision of the rules as a whole.
	 * @return the highest generation of a rule or a deletion, or 0
	 */
	public long revision() {
		return this.revision;
	}

	/**
	 * Returns the rules in JSON, as watchers receive them.
	 * @return an array, not to be changed
	 */
	public byte[] json() {
		byte[] known = this.json;
		if (known == null) {
			known = array(false);
			this.json = known;
		}
		return known;
	}

	/**
	 * Returns the rules in JSON and, with a document that is null, those that were
	 * deleted lately.
	 * @return an array, encoded anew by each call
	 */
	public byte[] jsonWithDeleted() {
		return array(true);
	}

	private byte[] array(boolean withDeleted) {
		return Json.write((json) -> {
			json.writeStartArray();
			for (StoredRule rule : this.stored.rules().values()) {
				writeKey(json, rule.key(), rule.generation());
				json.writeStringProperty("compatibility", rule.compatibility().name());
				json.writeName("document");
				json.writeRawValue(rule.document());
				json.writeEndObject();
			}
			if (withDeleted) {
				this.stored.deleted().forEach((key, generation) -> {
					writeKey(json, key, generation);
					json.writeNullProperty("document");
					json.writeEndObject();
				});
			}
			json.writeEndArray();
		});
	}

	private static void writeKey(JsonGenerator json, RuleKey key, long generation) {
		json.writeStartObject();
		json.writeStringProperty("kind", key.kind().toString());
		json.writeStringProperty("name", key.name());
		json.writeNumberProperty("generation", generation);
	}

}
