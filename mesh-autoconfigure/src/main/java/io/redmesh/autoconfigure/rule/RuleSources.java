package io.redmesh.autoconfigure.rule;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

import io.redmesh.autoconfigure.registry.RuleDocument;
import io.redmesh.autoconfigure.registry.RuleDocuments;
import io.redmesh.autoconfigure.registry.WatchEvent;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.traffic.Rule;
import io.redmesh.core.traffic.RuleBook;
import io.redmesh.core.traffic.RuleKey;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sources of the rules in the {@link RuleBook}: the registry, an earlier run of this
 * app, and files of this app alone. A file's rule takes the place of the registry's rule
 * with the same kind and name.
 * <p>
 * Rules of the registry are accepted all or none. If this version of the app cannot read
 * one of them, the rules that were in force before stay in force.
 * <p>
 * Safe for use by many threads. Readers take no lock; writers take turns.
 */
public final class RuleSources {

	private static final Logger logger = LoggerFactory.getLogger(RuleSources.class);

	private static final String NEVER_WRITTEN = "0";

	private final RuleBook book;

	private final Map<RuleKey, Rule> own = new TreeMap<>();

	private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

	/** The rules of the registry in force, by their keys. */
	private Map<String, ReadRule> accepted = Map.of();

	private @Nullable Cursor cursor;

	private volatile State state = new State("none", null, null, null);

	/**
	 * Creates the sources, and puts the app's own rules in force.
	 * @param book receives the rules
	 * @param own the rules of this app alone, each with a key of its own
	 */
	public RuleSources(RuleBook book, Collection<? extends Rule> own) {
		this.book = book;
		own.forEach((rule) -> this.own.put(rule.key(), rule));
		if (!this.own.isEmpty()) {
			publish("of this app");
		}
	}

	/**
	 * Adds a listener, which is notified when rules of the registry were accepted.
	 * @param listener the listener, which must be quick
	 */
	public void listen(Runnable listener) {
		this.listeners.add(listener);
	}

	/**
	 * Puts rules of an earlier run in force, unless the registry has sent rules already.
	 * @param remembered the documents
	 */
	public synchronized void remember(RuleDocuments remembered) {
		if (this.cursor != null) {
			return;
		}
		try {
			accept("earlier run", read(remembered.documents()), remembered.revision());
		}
		catch (UnreadableRuleException ex) {
			logger.warn("Ignored the traffic rules of an earlier run, revision {}: {}", remembered.revision(),
					ex.getMessage());
		}
	}

	/**
	 * Handles rules of the registry. Rules that are older than the known ones are
	 * ignored, since a server may lag behind.
	 * @param event the event
	 */
	public synchronized void received(WatchEvent.Rules event) {
		Cursor known = this.cursor;
		if (known != null && event.cursor().isBefore(known)) {
			return;
		}
		this.cursor = event.cursor();
		String revision = event.rules().revision();
		try {
			Collection<RuleDocument> documents = event.complete() ? event.rules().documents()
					: merged(event.rules().documents());
			accept("registry", read(documents), revision);
		}
		catch (UnreadableRuleException ex) {
			refuse(revision, String.valueOf(ex.getMessage()));
		}
	}

	/** Returns the known documents, replaced by those that are listed and not older. */
	private Collection<RuleDocument> merged(List<RuleDocument> listed) {
		Map<String, RuleDocument> merged = new LinkedHashMap<>();
		this.accepted.forEach((key, rule) -> merged.put(key, rule.document));
		for (RuleDocument document : listed) {
			RuleDocument known = merged.get(document.key());
			if (known == null || known.generation() <= document.generation()) {
				merged.put(document.key(), document);
			}
		}
		merged.values().removeIf((document) -> document.document() == null);
		return merged.values();
	}

	private Map<String, ReadRule> read(Collection<RuleDocument> documents) throws UnreadableRuleException {
		Map<String, ReadRule> rules = new LinkedHashMap<>();
		for (RuleDocument document : documents) {
			ReadRule known = this.accepted.get(document.key());
			rules.put(document.key(), (known != null && known.document.equals(document)) ? known
					: new ReadRule(document, RuleDocumentReader.read(document)));
		}
		return rules;
	}

	private void accept(String source, Map<String, ReadRule> rules, String revision) throws UnreadableRuleException {
		Map<String, ReadRule> before = this.accepted;
		this.accepted = rules;
		try {
			publish(revision);
		}
		catch (RuntimeException ex) {
			// A fault of the table must not end the watch.
			this.accepted = before;
			throw new UnreadableRuleException("no table can be made: " + ex);
		}
		this.state = new State(source, revision, null,
				new RuleDocuments(revision, rules.values().stream().map(ReadRule::document).toList()));
		this.listeners.forEach(Runnable::run);
	}

	private void refuse(String revision, String problem) {
		State last = this.state;
		String detail = "revision " + revision + " cannot be executed: " + problem;
		this.state = new State(last.source, last.revision, detail, last.documents);
		if (!detail.equals(last.problem)) {
			logger.error("Refused the traffic rules of revision {}, so that those of revision {} stay in force: {}",
					revision, (last.revision != null) ? last.revision : NEVER_WRITTEN, problem);
		}
	}

	private void publish(String revision) {
		List<Rule> rules = new ArrayList<>(this.own.values());
		this.accepted.values().forEach((rule) -> {
			if (!this.own.containsKey(rule.rule.key())) {
				rules.add(rule.rule);
			}
		});
		this.book.replace(rules, revision);
	}

	/**
	 * Returns whether a rule is from a file of this app alone.
	 * @param key the key of the rule
	 * @return whether it is
	 */
	public boolean isOwn(RuleKey key) {
		return this.own.containsKey(key);
	}

	/**
	 * Returns the current state.
	 * @return an immutable state
	 */
	public State state() {
		return this.state;
	}

	/**
	 * Returns the revision to report to the registry.
	 * @return the revision in force; null if there is nothing to report, because the
	 * registry has sent no rules
	 */
	public @Nullable String reportable() {
		State now = this.state;
		if (now.problem != null) {
			return (now.revision != null) ? now.revision : NEVER_WRITTEN;
		}
		boolean sent = now.source.equals("registry") && !NEVER_WRITTEN.equals(now.revision);
		return sent ? now.revision : null;
	}

	/**
	 * A state of the registry's rules in this app.
	 *
	 * @param source the source of the rules in force: {@code registry},
	 * {@code earlier run}, or {@code none}
	 * @param revision the revision in force; null if there is none
	 * @param problem the reason why a newer revision is not in force; null if there is
	 * none
	 * @param documents the documents in force; null if there are none
	 */
	public record State(String source, @Nullable String revision, @Nullable String problem,
			@Nullable RuleDocuments documents) {

	}

	private record ReadRule(RuleDocument document, Rule rule) {

	}

}
