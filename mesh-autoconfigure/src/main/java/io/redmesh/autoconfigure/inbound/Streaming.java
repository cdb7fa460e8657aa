package io.redmesh.autoconfigure.inbound;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

/** The rules that find responses which last as long as their reader likes. */
final class Streaming {

	private Streaming() {
	}

	/**
	 * Returns whether a media type is that of a stream of events.
	 * @param contentType the media type, or null
	 * @return whether the response is a stream
	 */
	static boolean isStream(@Nullable String contentType) {
		if (contentType == null) {
			return false;
		}
		String type = contentType.toLowerCase(Locale.ROOT);
		return type.startsWith("text/event-stream") || type.startsWith("application/x-ndjson");
	}

	/**
	 * Returns whether a request asks for a WebSocket.
	 * @param upgrade the value of its Upgrade header, or null
	 * @return whether the connection becomes a WebSocket
	 */
	static boolean isWebSocket(@Nullable String upgrade) {
		return "websocket".equalsIgnoreCase(upgrade);
	}

}
