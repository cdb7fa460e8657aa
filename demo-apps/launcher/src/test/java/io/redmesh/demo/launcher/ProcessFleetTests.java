package io.redmesh.demo.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ProcessFleetTests {

	@Test
	void whenAPortIsInUseTheNextFreeOneIsFound() throws IOException {
		try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			assertThat(ProcessFleet.freePort(taken.getLocalPort())).isGreaterThan(taken.getLocalPort());
		}
	}

}
