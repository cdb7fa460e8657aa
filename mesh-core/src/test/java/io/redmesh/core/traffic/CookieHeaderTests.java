package io.redmesh.core.traffic;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class CookieHeaderTests {

	@ParameterizedTest
	@CsvSource({ "user=7,7", "'a=b; user=7',7", "'a=b;user=7;c=d',7", "'user=7; user=8',7", "'user=',''",
			"'xuser=1; user=2',2", "'user=a=b',a=b" })
	void valueIsFound(String header, String value) {
		assertThat(CookieHeader.value(header, "user")).isEqualTo(value);
	}

	@ParameterizedTest
	@CsvSource({ "''", "user", "users=1", "xuser=1", "'a=user=1'", "'; ;'", "USER=1" })
	void cookieOfAnotherNameIsNotFound(String header) {
		assertThat(CookieHeader.value(header, "user")).isNull();
	}

	@Test
	void requestReadsItsHeader() {
		assertThat(TestRequest.get("/").header("cookie", "user=7").cookie("user")).isEqualTo("7");
		assertThat(TestRequest.get("/").cookie("user")).isNull();
	}

}
