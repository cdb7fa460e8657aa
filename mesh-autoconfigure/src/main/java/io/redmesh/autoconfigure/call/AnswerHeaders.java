package io.redmesh.autoconfigure.call;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseCookie;

/** The response headers that the app gets. */
public final class AnswerHeaders {

	private AnswerHeaders() {
	}

	/**
	 * Adds the mesh's headers to those of a response. A failure names the service that it
	 * came from in {@link MeshHeaders#FAILED_AT}, unless it passes on the failure of
	 * another service. So the exception made of it names that service, also if the app
	 * fails with it, and so does the copy that a gateway makes of the response. A
	 * session's cookie is set as well. Before, the headers are changed as traffic rules
	 * say.
	 * @param call the call
	 * @param status the status of its last response
	 * @param headers the headers of that response
	 * @return the same headers, or an extended copy
	 */
	public static HttpHeaders of(HttpCall call, HttpStatusCode status, HttpHeaders headers) {
		ResponseCookie cookie = call.sessionCookie();
		String failedAt = call.failedAt(status, headers);
		if (cookie == null && failedAt == null && !call.changesResponse()) {
			return headers;
		}
		HttpHeaders extended = HttpHeaders.copyOf(headers);
		call.changeResponse(extended);
		if (cookie != null) {
			extended.add(HttpHeaders.SET_COOKIE, cookie.toString());
		}
		if (failedAt != null) {
			extended.set(MeshHeaders.FAILED_AT, failedAt);
		}
		return extended;
	}

}
