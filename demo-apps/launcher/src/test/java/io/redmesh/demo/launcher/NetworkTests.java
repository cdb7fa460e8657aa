package io.redmesh.demo.launcher;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.List;

import io.redmesh.demo.launcher.Network.State;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class NetworkTests {

	private ServerSocket target;

	private Network network;

	@BeforeEach
	void open() throws IOException {
		this.target = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		this.network = new Network(List.of(URI.create("http://localhost:" + this.target.getLocalPort())));
	}

	@AfterEach
	void close() throws IOException {
		this.network.close();
		this.target.close();
	}

	@Test
	void passesBytesBothWays() throws IOException {
		try (Socket client = connect(); Socket server = this.target.accept()) {
			client.getOutputStream().write('a');
			assertThat(server.getInputStream().read()).isEqualTo('a');
			server.getOutputStream().write('b');
			assertThat(client.getInputStream().read()).isEqualTo('b');
		}
	}

	@Test
	void whenSilentConnectionsStayAndNothingArrives() throws IOException {
		try (Socket client = connect(); Socket server = this.target.accept()) {
			this.network.set(State.SILENT);
			client.getOutputStream().write('a');
			server.setSoTimeout(100);
			assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> server.getInputStream().read());
		}
	}

	@Test
	void whenClosedThereIsNoConnection() throws IOException {
		try (Socket client = connect(); Socket server = this.target.accept()) {
			this.network.set(State.CLOSED);
			assertThat(server.getInputStream().read()).isEqualTo(-1);
			assertThat(client.getInputStream().read()).isEqualTo(-1);
			assertThatExceptionOfType(ConnectException.class).isThrownBy(this::connect);
		}
	}

	// Repeated, because a port that is not free yet fails only sometimes.
	@RepeatedTest(50)
	void whenReconnectedNewConnectionsWork() throws IOException {
		this.network.set(State.CLOSED);
		this.network.set(State.CONNECTED);
		passesBytesBothWays();
	}

	private Socket connect() throws IOException {
		URI uri = this.network.uris().get(0);
		return new Socket(uri.getHost(), uri.getPort());
	}

}
