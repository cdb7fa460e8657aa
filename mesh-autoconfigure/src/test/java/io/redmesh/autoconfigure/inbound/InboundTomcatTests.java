package io.redmesh.autoconfigure.inbound;

import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import io.redmesh.autoconfigure.call.ServedRequest;
import io.redmesh.core.call.Deadline;
import io.redmesh.core.time.ManualTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

class InboundTomcatTests extends InboundServerContract {

	private final ManualTime patience = new ManualTime();

	@Override
	String type() {
		return "servlet";
	}

	@Test
	void blockingRequestsAreShedToo() throws Exception {
		List<CompletableFuture<HttpResponse<String>>> held = List.of(hold(app(), "/blocking"),
				hold(app(), "/blocking"));
		assertThat(get("/headers").statusCode()).isEqualTo(503);
		app().getBean(InboundApp.class).release();
		held.forEach((one) -> assertThat(one.join().statusCode()).isEqualTo(200));
	}

	@Test
	void threadsAreKeptFree() throws Exception {
		try (ConfigurableApplicationContext other = start("server.tomcat.threads.max=3", "mesh.inbound.limit.min=1",
				"mesh.inbound.limit.initial=100", "mesh.inbound.limit.max=100")) {
			InboundApp app = other.getBean(InboundApp.class);
			List<CompletableFuture<HttpResponse<String>>> held = List.of(hold(other, "/blocking"),
					hold(other, "/blocking"));
			assertThat(get(other, "/headers").statusCode()).isEqualTo(503);
			assertThat(get(other, "/actuator/info").statusCode()).isEqualTo(200);
			app.release();
			held.forEach((one) -> assertThat(one.join().statusCode()).isEqualTo(200));
			// A thread is free only some moments after its response has arrived.
			await().until(() -> get(other, "/headers").statusCode() == 200);
			// Requests that another thread answers need no thread of Tomcat.
			List<CompletableFuture<HttpResponse<String>>> waiting = List.of(hold(other, "/hold"), hold(other, "/hold"),
					hold(other, "/hold"), hold(other, "/hold"));
			assertThat(get(other, "/headers").statusCode()).isEqualTo(200);
			app.release();
			waiting.forEach((one) -> assertThat(one.join().statusCode()).isEqualTo(200));
		}
	}

	@Test
	void reserveServesAppsThatAnswer() throws Exception {
		try (ConfigurableApplicationContext other = start("server.tomcat.threads.max=20",
				"mesh.inbound.limit.enabled=false")) {
			List<CompletableFuture<HttpResponse<String>>> held = new ArrayList<>();
			for (int i = 0; i < 18; i++) {
				held.add(hold(other, "/blocking"));
			}
			for (int i = 0; i < 50; i++) {
				assertThat(get(other, "/headers").statusCode()).isEqualTo(200);
			}
			other.getBean(InboundApp.class).release();
			held.forEach((one) -> assertThat(one.join().statusCode()).isEqualTo(200));
		}
	}

	@Test
	void requestsThatWaitForAThreadAreCounted() throws Exception {
		try (ConfigurableApplicationContext other = start("server.tomcat.threads.max=2",
				"mesh.inbound.limit.enabled=false")) {
			InboundApp endpoints = other.getBean(InboundApp.class);
			WaitingRequests waiting = other.getBean(WaitingRequests.class);
			assertThat(waiting.count()).isZero();
			List<CompletableFuture<HttpResponse<String>>> held = List.of(hold(other, "/blocking"),
					hold(other, "/blocking"));
			List<Socket> queued = List.of(send(other, "/headers"), send(other, "/headers"), send(other, "/headers"));
			await().until(() -> waiting.count() == 3);
			endpoints.release();
			held.forEach((one) -> assertThat(one.join().statusCode()).isEqualTo(200));
			for (Socket socket : queued) {
				assertThat(socket.getInputStream().readAllBytes()).asString(StandardCharsets.UTF_8)
					.startsWith("HTTP/1.1 200");
			}
			assertThat(waiting.count()).isZero();
		}
	}

	@ParameterizedTest
	@CsvSource({ "native, 203.0.113.7", "none, 127.0.0.1" })
	void forwardedAddressIsTrustedIfTheAppTrustsIt(String strategy, String source) throws Exception {
		try (ConfigurableApplicationContext other = start("server.forward-headers-strategy=" + strategy)) {
			assertThat(get(other, "/source", "X-Forwarded-For", "203.0.113.7").body()).isEqualTo(source);
		}
	}

	@Test
	void threadKnowsTheRequestThatComesBack() throws Exception {
		assertThat(get("/recovering", "Mesh-Attempt", "2").body()).isEqualTo("recovered 2");
	}

	@Test
	void failureThatIsTakenBackNamesNoService() throws Exception {
		HttpResponse<String> changed = get("/changing");
		assertThat(changed.statusCode()).isEqualTo(202);
		assertThat(changed.headers().map()).doesNotContainKey("mesh-failed-at");
	}

	@Test
	void callerThatBreaksOffAnAnswerEndsTheRequest() throws Exception {
		for (int i = 0; i < 20; i++) {
			Socket caller = send("/parts");
			assertThat(caller.getInputStream().read()).isEqualTo('H');
			caller.setSoLinger(true, 0);
			caller.close();
			nothingIsInFlight();
		}
	}

	@Test
	void exceptionNamesTheServiceThatFailed() throws Exception {
		HttpResponse<String> failed = get("/throwing-at-once");
		assertThat(failed.statusCode()).isEqualTo(500);
		assertThat(failed.headers().allValues("Mesh-Failed-At")).containsExactly("stock");
	}

	@Test
	void errorPageOfTheContainerNamesItToo() throws Exception {
		try (ConfigurableApplicationContext other = start("spring.autoconfigure.exclude="
				+ "org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration")) {
			HttpResponse<String> failed = get(other, "/throwing-at-once");
			assertThat(failed.statusCode()).isEqualTo(500);
			assertThat(failed.headers().allValues("Mesh-Failed-At")).containsExactly("stock");
		}
	}

	@Test
	void threadKnowsTheRequestOnEachOfItsWays() throws Exception {
		InboundFilter filter = filter();
		MockHttpServletRequest request = new MockHttpServletRequest();
		request.setAsyncSupported(true);
		request.addHeader("Mesh-Attempt", "2");
		ServedRequest outer = new ServedRequest(7, Deadline.NONE);
		ServedRequest.setCurrent(outer);
		for (DispatcherType way : List.of(DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.ERROR)) {
			request.setDispatcherType(way);
			filter.doFilter(request, new MockHttpServletResponse(), (req, res) -> {
				ServedRequest served = ServedRequest.current();
				assertThat(served).isNotNull().isNotSameAs(outer);
				assertThat(served.attempt()).isEqualTo(2);
			});
			assertThat(ServedRequest.current()).isSameAs(outer);
		}
		request.setDispatcherType(DispatcherType.ASYNC);
		assertThatExceptionOfType(ServletException.class)
			.isThrownBy(() -> filter.doFilter(request, new MockHttpServletResponse(), (req, res) -> {
				throw new ServletException("thrown");
			}));
		assertThat(ServedRequest.setCurrent(null)).isSameAs(outer);
	}

	@Test
	void requestThatNeverComesBackEndsWhenItIsComplete() throws Exception {
		ConcurrencyLimit limit = limit();
		MockHttpServletRequest request = new MockHttpServletRequest();
		request.setAsyncSupported(true);
		filter(limit).doFilter(request, new MockHttpServletResponse(), (req, res) -> req.startAsync());
		assertThat(limit.inFlight()).isOne();
		request.getAsyncContext().complete();
		assertThat(limit.inFlight()).isZero();
	}

	@Test
	void requestWithoutAReportedEndGivesItsPlaceBackAfterAWhile() throws Exception {
		ConcurrencyLimit limit = limit();
		MockHttpServletRequest request = new MockHttpServletRequest();
		request.setAsyncSupported(true);
		filter(limit).doFilter(request, new MockHttpServletResponse(), (req, res) -> req.startAsync());
		this.patience.forward(AsyncEnd.PATIENCE.minusMillis(1));
		assertThat(limit.inFlight()).isOne();
		this.patience.forward(Duration.ofMillis(1));
		assertThat(limit.inFlight()).isZero();
		request.getAsyncContext().complete();
		assertThat(limit.inFlight()).isZero();
	}

	@ParameterizedTest
	@EnumSource(names = { "REQUEST", "ASYNC", "ERROR" })
	void placeIsGivenBackWhateverThrows(DispatcherType way) throws Exception {
		boolean broken = true;
		for (int call = 1; broken; call++) {
			ConcurrencyLimit limit = limit();
			ThreadReserve threadReserve = ThreadReserve.of(10, 1, () -> false, new ManualTime());
			InboundFilter filter = filter(limit, threadReserve);
			MockHttpServletRequest request = new MockHttpServletRequest();
			request.setAsyncSupported(true);
			request.addHeader("Mesh-Destination", "orders");
			Seams seams = Seams.breakingAt(call);
			HttpServletRequest breaking = seams.of(HttpServletRequest.class, request);
			HttpServletResponse response = seams.of(HttpServletResponse.class, new MockHttpServletResponse());
			try {
				if (way == DispatcherType.REQUEST) {
					filter.doFilter(breaking, response, (req, res) -> res.getOutputStream().flush());
				}
				else {
					filter.doFilter(request, new MockHttpServletResponse(), (req, res) -> req.startAsync());
					request.setDispatcherType(way);
					// The request is back from the other thread.
					request.setAsyncStarted(false);
					filter.doFilter(breaking, response, (req, res) -> res.getOutputStream().flush());
				}
			}
			catch (Seams.SeamException ex) {
				// This failure is expected.
			}
			broken = seams.isBroken();
			if (way != DispatcherType.REQUEST) {
				// The container or a timer ends a request that another thread answers.
				this.patience.forward(AsyncEnd.PATIENCE);
			}
			assertThat(limit.inFlight()).as("call %d", call).isZero();
			assertThat(threadReserve.busy()).as("call %d", call).isZero();
			assertThat(ServedRequest.current()).as("call %d", call).isNull();
		}
	}

	private static ConcurrencyLimit limit() {
		return new ConcurrencyLimit(new InboundProperties.Limit(true, 1, 1, 1, Duration.ZERO, Duration.ZERO),
				Duration.ZERO, WaitingRequests.NONE, new ManualTime());
	}

	private InboundFilter filter() {
		return filter(limit());
	}

	private InboundFilter filter(ConcurrencyLimit limit) {
		return filter(limit, ThreadReserve.unlimited());
	}

	private InboundFilter filter(ConcurrencyLimit limit, ThreadReserve threadReserve) {
		return new InboundFilter(new Admission(null, limit, true), VitalPaths.NONE, threadReserve,
				ArrivedHeaders.of(true), "/", this.patience);
	}

}
