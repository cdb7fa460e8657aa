package io.redmesh.registry.rest;

import io.redmesh.registry.TestServer;

class MemoryKeepAliveTests extends KeepAliveContract {

	@Override
	TestServer server() {
		return TestServer.start();
	}

}
