package io.redmesh.autoconfigure.call;

import java.nio.charset.StandardCharsets;

import io.redmesh.core.call.Routing;
import io.redmesh.core.call.Step;
import io.redmesh.core.traffic.Redirect;
import io.redmesh.core.traffic.Route;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;

/**
 * A response that a traffic rule gives in place of an instance.
 *
 * @param status the status
 * @param headers the headers, mutable
 * @param body the body, empty for none
 */
public record RuleResponse(HttpStatusCode status, HttpHeaders headers, String body) {

	private static final MediaType TEXT = new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8);

	static RuleResponse of(Step.Respond step, @Nullable Routing routing) {
		HttpHeaders headers = new HttpHeaders();
		RuleResponse response = new RuleResponse(HttpStatusCode.valueOf(step.status()), headers, step.body());
		headers.setContentLength(response.bytes().length);
		if (!step.body().isEmpty()) {
			headers.setContentType(TEXT);
		}
		Route route = (routing != null) ? routing.route() : null;
		if (routing != null && route != null && route.action() instanceof Redirect redirect) {
			String query = (routing.request() instanceof HttpFacts facts) ? facts.query() : "";
			headers.set(HttpHeaders.LOCATION, redirect.location(routing.request(), query));
		}
		return response;
	}

	/**
	 * Returns the body as it is sent.
	 * @return the body in UTF-8
	 */
	public byte[] bytes() {
		return this.body.getBytes(StandardCharsets.UTF_8);
	}

}
