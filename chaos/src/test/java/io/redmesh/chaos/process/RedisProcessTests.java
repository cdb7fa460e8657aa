package io.redmesh.chaos.process;

import java.io.IOException;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class RedisProcessTests {

	@TempDir
	Path directory;

	@Test
	void keepsItsDataWhenItIsKilled() {
		assertThat(afterKill(new RedisProcess(this.directory))).isEqualTo("value");
	}

	@Test
	void losesItsDataInMemory() {
		assertThat(afterKill(RedisProcess.inMemory(this.directory))).isNull();
	}

	@Test
	void goesBackToWhatItRemembers() {
		try (RedisProcess redis = new RedisProcess(this.directory)) {
			redis.start();
			redis.call("SET", "key", "early");
			redis.remember();
			redis.call("SET", "key", "late");
			redis.kill();
			redis.goBack();
			redis.start();
			assertThat(redis.call("GET", "key")).isEqualTo("early");
			redis.kill();
			redis.forget();
			redis.start();
			assertThat(redis.call("GET", "key")).isNull();
		}
	}

	@Test
	void binaryTellsItsVersion() throws IOException {
		assertThat(RedisBinary.get().version()).matches("\\d+\\.\\d+\\.\\d+");
	}

	private static Object afterKill(RedisProcess redis) {
		try (redis) {
			redis.start();
			redis.call("SET", "key", "value");
			redis.kill();
			redis.start();
			return redis.call("GET", "key");
		}
	}

}
