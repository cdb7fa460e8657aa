package io.redmesh.core.traffic;

import org.jspecify.annotations.Nullable;

/** The conditions of retries that concern HTTP, with Envoy's names and meanings. */
public enum RetryCondition {

	/** The response has a status of 500 to 599, or there is no response. */
	SERVER_ERROR("5xx"),

	/** The response has a status of 502, 503 or 504, or there is no response. */
	GATEWAY_ERROR("gateway-error"),

	/** There is no response. */
	RESET("reset"),

	/** There is no response, and the request was not sent. */
	RESET_BEFORE_REQUEST("reset-before-request"),

	/** There is no connection. */
	CONNECT_FAILURE("connect-failure"),

	/** The receiver says that it did nothing (HTTP/2, {@code REFUSED_STREAM}). */
	REFUSED_STREAM("refused-stream"),

	/** The response has a status of 409. */
	RETRIABLE_4XX("retriable-4xx");

	private final String word;

	RetryCondition(String word) {
		this.word = word;
	}

	/**
	 * Parses a word of {@code retryOn}.
	 * @param word the word
	 * @return the condition, or null if there is none of this name
	 */
	public static @Nullable RetryCondition parse(String word) {
		for (RetryCondition condition : values()) {
			if (condition.word.equals(word)) {
				return condition;
			}
		}
		return null;
	}

	boolean includes(int status) {
		return switch (this) {
			case SERVER_ERROR -> status >= 500 && status <= 599;
			case GATEWAY_ERROR -> status >= 502 && status <= 504;
			case RETRIABLE_4XX -> status == 409;
			case RESET, RESET_BEFORE_REQUEST, CONNECT_FAILURE, REFUSED_STREAM -> false;
		};
	}

	/** Returns the word in {@code retryOn}, for example {@code gateway-error}. */
	@Override
	public String toString() {
		return this.word;
	}

}
