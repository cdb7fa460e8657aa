package io.redmesh.registry.eviction;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.redmesh.core.instance.Instance;
import io.redmesh.registry.eviction.TcpProbe.ProbeResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Tests of what a probe makes of ports that accept, refuse, or say nothing. */
@Timeout(60)
class TcpProbeTests {

	private final LoopResources loops = LoopResources.create("probe", 1, true);

	private final TcpProbe probe = new TcpProbe(this.loops);

	@AfterEach
	void close() {
		this.loops.dispose();
	}

	@Test
	void aPortThatAcceptsIsOpenAndTheProbeDisconnectsWithoutAByte() throws IOException {
		try (Target target = new Target()) {
			assertThat(probe(target.instance("a"))).isEqualTo(ProbeResult.OPEN);
			await().until(() -> target.accepted.size() == 1);
			Socket accepted = target.accepted.peek();
			accepted.setSoTimeout(5_000);
			assertThat(accepted.getInputStream().read()).isEqualTo(-1);
		}
	}

	@Test
	void aPortOnWhichNoProcessAcceptsIsOpenWhileItsQueueHasRoom() throws IOException {
		try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
			assertThat(probe(Instance.of("orders", "a", "127.0.0.1", server.getLocalPort())))
				.as("as after a stop signal")
				.isEqualTo(ProbeResult.OPEN);
		}
	}

	@Test
	void aPortOnWhichNothingListensRefuses() throws IOException {
		try (Target target = new Target()) {
			target.refuse();
			assertThat(probe(target.instance("a"))).isEqualTo(ProbeResult.REFUSED);
			target.acceptAgain();
			assertThat(probe(target.instance("a"))).isEqualTo(ProbeResult.OPEN);
		}
	}

	@Test
	void aPortThatDoesNotAnswerIsSilent() throws IOException {
		List<SocketChannel> fillers = new ArrayList<>();
		try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			// The kernel drops connections beyond the queue of a process.
			for (int i = 0; i < 8; i++) {
				SocketChannel filler = SocketChannel.open();
				filler.configureBlocking(false);
				filler.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), full.getLocalPort()));
				fillers.add(filler);
			}
			assertThat(probe(Instance.of("orders", "a", "127.0.0.1", full.getLocalPort())))
				.isEqualTo(ProbeResult.SILENT);
		}
		finally {
			for (SocketChannel filler : fillers) {
				filler.close();
			}
		}
	}

	@Test
	void aHostThatIsUnknownProvesNothing() {
		assertThat(probe(Instance.of("orders", "a", "no-such-host.invalid", 8080))).isEqualTo(ProbeResult.SILENT);
	}

	@Test
	void eachProbeIsAConnectionOfItsOwn() throws IOException {
		try (Target target = new Target()) {
			List<ProbeResult> results = Flux.range(0, 20)
				.flatMap((i) -> this.probe.connect(target.instance("a")))
				.collectList()
				.block(Duration.ofSeconds(20));
			assertThat(results).hasSize(20).containsOnly(ProbeResult.OPEN);
			await().until(() -> target.accepted.size() == 20);
		}
	}

	@Test
	void aProbeIsMadeWhenItIsSubscribedToAndAnewEachTime() throws IOException {
		try (Target target = new Target()) {
			Mono<ProbeResult> prepared = this.probe.connect(target.instance("a"));
			target.refuse();
			assertThat(prepared.block(Duration.ofSeconds(20))).isEqualTo(ProbeResult.REFUSED);
			target.acceptAgain();
			assertThat(prepared.block(Duration.ofSeconds(20))).isEqualTo(ProbeResult.OPEN);
		}
	}

	private ProbeResult probe(Instance instance) {
		return this.probe.connect(instance).block(Duration.ofSeconds(20));
	}

}
