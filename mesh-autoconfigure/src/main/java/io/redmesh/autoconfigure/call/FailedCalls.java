package io.redmesh.autoconfigure.call;

import java.util.ArrayDeque;
import java.util.Deque;

import io.redmesh.core.call.NoEndpointException;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.util.ClassUtils;
import org.springframework.web.client.RestClientResponseException;
import org.springframework.web.reactive.function.client.WebClientResponseException;

/**
 * The failed calls of a served request, found again in the exception that ended it. A
 * call without a response is known by its exception. A failing response is known by its
 * headers, which the exceptions of Spring's clients carry, see {@link HttpCall#failedAt}.
 * An exception that has neither among its causes is the app's own.
 * <p>
 * Safe for use by many threads.
 */
final class FailedCalls {

	/** More calls than can fail together before the first of them ends the request. */
	private static final int MAX = 32;

	private static final int MAX_DEPTH = 16;

	private static final boolean WEB_CLIENT = ClassUtils.isPresent(
			"org.springframework.web.reactive.function.client.WebClientResponseException",
			FailedCalls.class.getClassLoader());

	// Created lazily, since most requests never need it.
	private @Nullable Deque<Failed> newest;

	/**
	 * Remembers a failed call.
	 * @param service the service that was called
	 * @param failure the exception that it failed with
	 */
	synchronized void add(String service, Throwable failure) {
		if (this.newest == null) {
			this.newest = new ArrayDeque<>();
		}
		if (this.newest.size() == MAX) {
			this.newest.remove();
		}
		this.newest.add(new Failed(service, failure));
	}

	/**
	 * Finds the call that is the reason for an exception.
	 * @param failure the exception
	 * @return the service whose call failed, or null if no call is the reason
	 */
	@Nullable String find(Throwable failure) {
		Throwable cause = failure;
		for (int depth = 0; cause != null && depth < MAX_DEPTH; depth++) {
			String service = failedWith(cause);
			if (service == null) {
				service = namedBy(cause);
			}
			if (service != null) {
				return service;
			}
			cause = cause.getCause();
		}
		return null;
	}

	private synchronized @Nullable String failedWith(Throwable failure) {
		if (this.newest != null) {
			for (Failed failed : this.newest) {
				if (failed.failure() == failure) {
					return failed.service();
				}
			}
		}
		return null;
	}

	private static @Nullable String namedBy(Throwable failure) {
		if (failure instanceof NoEndpointException none && none.service() != null) {
			return none.service();
		}
		HttpHeaders headers = (failure instanceof RestClientResponseException answer) ? answer.getResponseHeaders()
				: WEB_CLIENT ? ReactiveAnswer.headers(failure) : null;
		return (headers != null) ? headers.getFirst(MeshHeaders.FAILED_AT) : null;
	}

	private record Failed(String service, Throwable failure) {

	}

	/** The WebClient's exceptions; loaded only where there is a WebClient. */
	private static final class ReactiveAnswer {

		static @Nullable HttpHeaders headers(Throwable failure) {
			return (failure instanceof WebClientResponseException answer) ? answer.getHeaders() : null;
		}

	}

}
