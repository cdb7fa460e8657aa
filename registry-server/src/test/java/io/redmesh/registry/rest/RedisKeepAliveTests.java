package io.redmesh.registry.rest;

import io.redmesh.registry.TestServer;
import io.redmesh.registry.store.redis.TestRedis;
import org.junit.jupiter.api.AfterAll;

class RedisKeepAliveTests extends KeepAliveContract {

	private final TestRedis redis = TestRedis.started();

	@Override
	TestServer server() {
		return TestServer.start("spring.data.redis.port=" + this.redis.port());
	}

	@AfterAll
	void stopRedis() {
		this.redis.close();
	}

}
