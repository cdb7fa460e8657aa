package io.redmesh.autoconfigure.restclient;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

import io.redmesh.autoconfigure.call.CallDriverContract;
import io.redmesh.autoconfigure.call.HttpCalls;
import io.redmesh.autoconfigure.call.RandomEndings;
import io.redmesh.core.time.Time;
import io.redmesh.core.time.Timer;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

/** What the driver of blocking calls does, whichever client carries them out. */
abstract class BlockingDriverContract extends CallDriverContract {

	private final TimeLimits limits = new TimeLimits(Time.system(), opened(Timer.start("limits")));

	private final Timer interruptions = opened(Timer.start("interruptions"));

	/** Returns the client under test. */
	abstract ClientHttpRequestFactory requestFactory(Duration readTimeout);

	private RestClient client(HttpCalls calls, Time time) {
		return RestClient.builder()
			.requestFactory(requestFactory(this.readTimeout))
			.requestInterceptor(new MeshRequestInterceptor(calls, this.limits, time))
			.build();
	}

	@Override
	protected Answer send(HttpCalls calls, String method, URI uri, Map<String, String> headers, String body) {
		RestClient.RequestBodySpec request = client(calls, this.time).method(HttpMethod.valueOf(method)).uri(uri);
		this.attributes.forEach(request::attribute);
		headers.forEach(request::header);
		if (!body.isEmpty()) {
			request.body(body);
		}
		return request.exchange((sent, response) -> new Answer(response.getStatusCode().value(),
				new String(response.getBody().readAllBytes(), StandardCharsets.UTF_8),
				response.getHeaders().getFirst(HttpHeaders.SET_COOKIE)));
	}

	@Override
	protected void end(HttpCalls calls, RandomEndings.Call call) throws Exception {
		RestClient.RequestBodySpec request = client(calls, Time.system()).method(call.method()).uri(call.uri());
		switch (call.ending()) {
			case READ -> request.retrieve().toEntity(byte[].class);
			case UNREAD -> request.exchange((sent, response) -> response.getStatusCode());
			case BROKEN_OFF -> {
				Interruption interruption = new Interruption(Thread.currentThread());
				this.interruptions.schedule(call.after(), interruption::interrupt);
				try {
					request.body("interrupted").retrieve().toEntity(byte[].class);
				}
				finally {
					interruption.tooLate();
				}
			}
			case BODY_FAILS -> request.body((output) -> {
				output.write(1);
				throw new IOException("No body");
			}).retrieve().toBodilessEntity();
		}
	}

	private static final class Interruption {

		private final Thread thread;

		private boolean late;

		Interruption(Thread thread) {
			this.thread = thread;
		}

		synchronized void interrupt() {
			if (!this.late) {
				this.thread.interrupt();
			}
		}

		synchronized void tooLate() {
			this.late = true;
		}

	}

}
