package io.redmesh.autoconfigure.call;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseCookie;

/** The headers of an answer as the app gets it. */
public final class AnswerHeaders {

	private AnswerHeaders() {
	}

	/**
	 * Adds what the mesh says about an answer. A failure names the service that it came
	 * from in {@link MeshHeaders#FAILED_AT}, unless it passes on that of another: so its
	 * exception tells whose failure it is, also when the app fails with it, and so does
	 * the copy that a gateway makes of the answer. And a session's cookie is set.
	 * @param call the call
	 * @param status the status of its last answer
	 * @param headers the headers of that answer
	 * @return the same headers, or a copy with more
	 */
	public static HttpHeaders of(HttpCall call, HttpStatusCode status, HttpHeaders headers) {
		ResponseCookie cookie = call.sessionCookie();
		String failedAt = call.failedAt(status, headers);
		if (cookie == null && failedAt == null) {
			return headers;
		}
		HttpHeaders more = HttpHeaders.copyOf(headers);
		if (cookie != null) {
			more.add(HttpHeaders.SET_COOKIE, cookie.toString());
		}
		if (failedAt != null) {
			more.set(MeshHeaders.FAILED_AT, failedAt);
		}
		return more;
	}

}
