package io.redmesh.registry.store.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

import io.redmesh.core.registry.Cursor;
import io.redmesh.registry.store.Digest;
import io.redmesh.registry.store.Guard;
import io.redmesh.registry.store.Incarnation;
import io.redmesh.registry.store.Sweep;

/** A parser of the response of {@code evict.lua}. */
final class SweepAnswer {

	private SweepAnswer() {
	}

	static Sweep read(RedisNamespace namespace, List<Object> answer) {
		Cursor cursor = namespace.cursorOf(answer);
		SortedSet<Guard> guards = new TreeSet<>();
		((List<?>) answer.get(5)).forEach((guard) -> guards.add(Guard.parse((String) guard)));
		Digest digest = namespace.isReadable()
				? new Digest(cursor, Long.parseLong((String) answer.get(6)), Long.parseLong((String) answer.get(7)))
				: null;
		return new Sweep(incarnations((List<?>) answer.get(3)), incarnations((List<?>) answer.get(4)), guards, digest);
	}

	private static List<Incarnation> incarnations(List<?> keysAndFences) {
		List<Incarnation> incarnations = new ArrayList<>(keysAndFences.size() / 2);
		for (int i = 0; i < keysAndFences.size(); i += 2) {
			String key = (String) keysAndFences.get(i);
			long fence = Long.parseLong((String) keysAndFences.get(i + 1));
			incarnations.add(new Incarnation(InstanceCodec.serviceOf(key), InstanceCodec.idOf(key), fence));
		}
		return List.copyOf(incarnations);
	}

}
