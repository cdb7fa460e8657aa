package io.redmesh.chaos.process;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

import io.redmesh.chaos.process.FaultyProxy.Mode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

class FaultyProxyTests {

	private ServerSocket target;

	private FaultyProxy proxy;

	private Socket client;

	private Socket server;

	@BeforeEach
	void connect() throws IOException {
		this.target = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
		this.proxy = new FaultyProxy(this.target.getLocalPort());
		this.client = dial();
		this.server = this.target.accept();
		this.server.setSoTimeout(500);
	}

	@AfterEach
	void close() throws IOException {
		this.proxy.close();
		this.target.close();
	}

	@Test
	void bytesPassInBothDirections() throws IOException {
		this.client.getOutputStream().write('a');
		assertThat(this.server.getInputStream().read()).isEqualTo('a');
		this.server.getOutputStream().write('b');
		assertThat(this.client.getInputStream().read()).isEqualTo('b');
	}

	@Test
	void whatIsHeldArrivesAfterwards() throws IOException {
		this.proxy.become(Mode.HOLD, Duration.ZERO);
		this.client.getOutputStream().write('a');
		assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> this.server.getInputStream().read());
		this.proxy.pass();
		assertThat(this.server.getInputStream().read()).isEqualTo('a');
	}

	@Test
	void whatIsSwallowedNeverArrivesAndEndsTheConnection() throws IOException {
		this.proxy.become(Mode.SWALLOW_ANSWERS, Duration.ZERO);
		this.client.getOutputStream().write('a');
		assertThat(this.server.getInputStream().read()).isEqualTo('a');
		this.server.getOutputStream().write('b');
		assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> this.client.getInputStream().read());
		this.proxy.pass();
		assertThat(this.client.getInputStream().read()).isEqualTo(-1);
	}

	@Test
	void clientsAreRefusedAtOnceAndLetInAgain() throws IOException {
		this.proxy.become(Mode.REFUSE, Duration.ZERO);
		assertThat(this.client.getInputStream().read()).isEqualTo(-1);
		// A listener is closed when the thread that is blocked in it has woken up.
		await().untilAsserted(() -> assertThatExceptionOfType(ConnectException.class).isThrownBy(this::dial));
		this.proxy.pass();
		this.client = dial();
		this.server = this.target.accept();
		bytesPassInBothDirections();
	}

	@Test
	void delayedBytesAreLate() throws IOException {
		this.proxy.become(Mode.DELAY, Duration.ofMillis(200));
		long begin = System.nanoTime();
		this.client.getOutputStream().write('a');
		assertThat(this.server.getInputStream().read()).isEqualTo('a');
		assertThat(System.nanoTime() - begin).isGreaterThan(Duration.ofMillis(190).toNanos());
	}

	private Socket dial() throws IOException {
		Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.proxy.port());
		socket.setSoTimeout(500);
		return socket;
	}

}
