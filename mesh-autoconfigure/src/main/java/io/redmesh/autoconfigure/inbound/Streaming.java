package io.redmesh.autoconfigure.inbound;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

/** Tells which answers go on for as long as their reader likes. */
final class Streaming {

	private Streaming() {
	}

	/**
	 * Tells it by the type of the answer.
	 * @param contentType the media type, or null
	 * @return whether it is a stream of events
	 */
	static boolean isStream(@Nullable String contentType) {
		if (contentType == null) {
			return false;
		}
		String type = contentType.toLowerCase(Locale.ROOT);
		return type.startsWith("text/event-stream") || type.startsWith("application/x-ndjson");
	}

	/**
	 * Tells whether a connection becomes a WebSocket.
	 * @param upgrade the header of the request that asks for it, or null
	 * @return whether it does
	 */
	static boolean isWebSocket(@Nullable String upgrade) {
		return "websocket".equalsIgnoreCase(upgrade);
	}

}
