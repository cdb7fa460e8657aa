package io.redmesh.registry.store.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.ManualTime;
import io.redmesh.registry.store.Digest;
import io.redmesh.registry.store.Guard;
import io.redmesh.registry.store.Guard.Kind;
import io.redmesh.registry.store.Incarnation;
import io.redmesh.registry.store.Sweep;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** Tests of what {@code evict.lua} answers, and of the words of guards in it. */
class SweepAnswerTests {

	private final RedisNamespace namespace = new RedisNamespace("default", new ManualTime());

	@Test
	void answerIsReadInItsOrder() {
		Sweep sweep = read(List.of("orders|a:1", "7", "stock|b", "8"), List.of("orders|c", "999999999999999"),
				List.of("RATE", "SERVICE orders", "GRACE", "LAST stock"));
		Cursor cursor = new Cursor("lineage", 9, 42);
		assertThat(sweep.evicted()).containsExactly(new Incarnation("orders", "a:1", 7),
				new Incarnation("stock", "b", 8));
		assertThat(sweep.suspected()).containsExactly(new Incarnation("orders", "c", 999_999_999_999_999L));
		assertThat(sweep.guards()).extracting(Guard::toString)
			.containsExactly("GRACE", "LAST stock", "RATE", "SERVICE orders");
		assertThat(sweep.digest()).isEqualTo(new Digest(cursor, 3, 1234));
		assertThat(this.namespace.isMade()).as("the cursor is noted").isTrue();
	}

	@Test
	void nothingToEvictIsNoGuard() {
		Sweep sweep = read(List.of(), List.of(), List.of());
		assertThat(sweep.evicted()).isEmpty();
		assertThat(sweep.suspected()).isEmpty();
		assertThat(sweep.guards()).isEmpty();
	}

	@Test
	void digestIsNotComparedWhileSomethingCannotBeRead() {
		this.namespace.noteReadable(false);
		assertThat(read(List.of(), List.of(), List.of("GRACE")).digest()).isNull();
		this.namespace.noteReadable(true);
		assertThat(read(List.of(), List.of(), List.of("GRACE")).digest()).isNotNull();
	}

	@ParameterizedTest
	@MethodSource("guards")
	void guardIsReadAsItIsWritten(Guard guard) {
		assertThat(Guard.parse(guard.toString())).isEqualTo(guard);
	}

	static Stream<Guard> guards() {
		return Stream.of(Kind.values())
			.flatMap((kind) -> Stream.of(new Guard(kind, null), new Guard(kind, "orders"), new Guard(kind, "a.b-c")));
	}

	@Test
	void guardOfAnotherKindIsNotRead() {
		assertThatIllegalArgumentException().isThrownBy(() -> Guard.parse("MERCY orders"));
		assertThatIllegalArgumentException().isThrownBy(() -> Guard.parse(""));
	}

	@Test
	void manyIncarnationsKeepTheirOrderAndFences() {
		Random random = new Random(44);
		List<Object> flat = new ArrayList<>();
		List<Incarnation> expected = new ArrayList<>();
		for (int i = 0; i < 200; i++) {
			Incarnation one = new Incarnation("s" + random.nextInt(9), "i:" + i, random.nextLong(1_000_000));
			expected.add(one);
			flat.add(one.service() + "|" + one.id());
			flat.add(Long.toString(one.fence()));
		}
		assertThat(read(flat, List.of(), List.of()).evicted()).isEqualTo(expected);
	}

	private Sweep read(List<?> evicted, List<?> suspected, List<?> guards) {
		return SweepAnswer.read(this.namespace, List.of("lineage", "9", "42", evicted, suspected, guards, "3", "1234"));
	}

}
