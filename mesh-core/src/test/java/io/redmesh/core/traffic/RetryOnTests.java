package io.redmesh.core.traffic;

import java.util.EnumSet;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class RetryOnTests {

	@ParameterizedTest
	@CsvSource({ "SERVER_ERROR, 100, true, true, true, true", "GATEWAY_ERROR, 3, true, true, true, true",
			"RESET, 0, true, true, true, true", "RESET_BEFORE_REQUEST, 0, false, true, true, false",
			"CONNECT_FAILURE, 0, false, false, true, false", "REFUSED_STREAM, 0, false, false, false, true",
			"RETRIABLE_4XX, 1, false, false, false, false" })
	void conditionsHaveTheMeaningsOfEnvoy(RetryCondition condition, long statuses, boolean noResponse, boolean notSent,
			boolean noConnection, boolean refused) {
		RetryOn on = new RetryOn(EnumSet.of(condition), List.of());
		assertThat(IntStream.range(100, 600).filter(on::status).count()).isEqualTo(statuses);
		assertThat(on.noResponse()).isEqualTo(noResponse);
		assertThat(on.notSent()).isEqualTo(notSent);
		assertThat(on.noConnection()).isEqualTo(noConnection);
		assertThat(on.refused()).isEqualTo(refused);
	}

	@ParameterizedTest
	@CsvSource({ "409, RETRIABLE_4XX", "502, GATEWAY_ERROR", "504, GATEWAY_ERROR", "500, SERVER_ERROR" })
	void statusBelongsToACondition(int status, RetryCondition condition) {
		assertThat(new RetryOn(EnumSet.of(condition), List.of()).status(status)).isTrue();
		assertThat(new RetryOn(EnumSet.noneOf(RetryCondition.class), List.of(status)).status(status)).isTrue();
		assertThat(RetryOn.DEFAULT.status(status)).isFalse();
	}

}
