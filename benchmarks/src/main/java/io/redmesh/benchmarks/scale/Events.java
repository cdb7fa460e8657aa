package io.redmesh.benchmarks.scale;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A parser of server-sent events in chunks of HTTP/1.1, with as little effort as
 * possible: it only searches bytes. The object is reused for the next response.
 */
final class Events {

	private static final byte[] ID = bytes("\"id\":\"127.");

	private static final byte[] STATUS = bytes("\"status\":\"");

	private static final byte[] HEADER = bytes(",\"instance\":");

	private static final byte[] GONE = bytes(",\"gone\":");

	private static final byte[] COMPLETE = bytes("\"complete\":true");

	private static final byte[] END_OF_HEAD = bytes("\r\n\r\n");

	private static final byte[] END_OF_EVENT = bytes("\n\n");

	// Larger buffers are replaced when they are empty.
	private static final int SMALL = 1024;

	private final Listener listener;

	private byte[] bytes = new byte[SMALL];

	private int length;

	private boolean inBody;

	private boolean ignored;

	// The bytes that are missing of the chunk; 0 while its size is read.
	private int chunk;

	private final StringBuilder size = new StringBuilder();

	Events(Listener listener) {
		this.listener = listener;
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

	void clear() {
		this.length = 0;
		this.inBody = false;
		this.ignored = false;
		this.chunk = 0;
		this.size.setLength(0);
	}

	void take(ByteBuffer arrived) {
		while (arrived.hasRemaining() && !this.ignored) {
			if (!this.inBody) {
				takeHead(arrived);
			}
			else if (this.chunk == 0) {
				takeSize((char) arrived.get());
			}
			else {
				takeData(arrived);
			}
		}
	}

	private void takeHead(ByteBuffer arrived) {
		append(arrived, 1);
		if (this.length >= 4 && matches(END_OF_HEAD, this.length - 4)) {
			this.inBody = true;
			this.length = 0;
			int status = Integer.parseInt(new String(this.bytes, 9, 3, StandardCharsets.US_ASCII));
			// An error response has a length and no chunks.
			this.ignored = status != 200;
			this.listener.begun(status);
		}
	}

	private void takeSize(char next) {
		if (next == '\n' && !this.size.isEmpty()) {
			this.chunk = Integer.parseInt(this.size.toString(), 16);
			this.size.setLength(0);
		}
		else if (next > ' ') {
			this.size.append(next);
		}
	}

	private void takeData(ByteBuffer arrived) {
		int from = Math.max(0, this.length - 1);
		int count = Math.min(this.chunk, arrived.remaining());
		append(arrived, count);
		this.chunk -= count;
		int begin = 0;
		for (int end = find(END_OF_EVENT, from, this.length); end >= 0; end = find(END_OF_EVENT, begin, this.length)) {
			dispatch(begin, end);
			begin = end + 2;
		}
		if (begin > 0) {
			this.length -= begin;
			System.arraycopy(this.bytes, begin, this.bytes, 0, this.length);
			if (this.length == 0 && this.bytes.length > SMALL) {
				this.bytes = new byte[SMALL];
			}
		}
	}

	private void append(ByteBuffer arrived, int count) {
		if (this.length + count > this.bytes.length) {
			this.bytes = Arrays.copyOf(this.bytes, Math.max(this.length + count, 2 * this.bytes.length));
		}
		arrived.get(this.bytes, this.length, count);
		this.length += count;
	}

	/** Parses an event, which begins with its kind and its id, each on its own line. */
	private void dispatch(int begin, int end) {
		char kind = (char) this.bytes[begin + "event: ".length()];
		int id = find(bytes("\nid: "), begin, end) + "\nid: ".length();
		int line = find(bytes("\n"), id, end);
		this.listener.event(kind, new String(this.bytes, id, line - id, StandardCharsets.US_ASCII),
				kind == 's' && find(COMPLETE, line, Math.min(end, line + 200)) >= 0);
		if (kind != 'p') {
			mentions(line, end);
		}
	}

	private void mentions(int begin, int end) {
		for (int at = find(ID, begin, end); at >= 0; at = find(ID, at, end)) {
			at += ID.length;
			int number = 0;
			int[] parts = new int[3];
			int part = 0;
			for (; part < 3; at++) {
				byte next = this.bytes[at];
				if (next == '.' || next == ':') {
					parts[part++] = number;
					number = 0;
				}
				else {
					number = number * 10 + next - '0';
				}
			}
			at = find(bytes("\""), at, end) + 1;
			if (!matches(HEADER, at)) {
				this.listener.mentioned(Member.number(parts[0], parts[1], parts[2]), state(at, end));
			}
		}
	}

	/** Returns the first letter of the status, or G if the instance is gone. */
	private char state(int at, int end) {
		return matches(GONE, at) ? 'G' : (char) this.bytes[find(STATUS, at, end) + STATUS.length];
	}

	private boolean matches(byte[] what, int at) {
		return Arrays.equals(what, 0, what.length, this.bytes, at, Math.min(at + what.length, this.bytes.length));
	}

	private int find(byte[] what, int from, int to) {
		for (int i = from; i <= to - what.length; i++) {
			if (this.bytes[i] == what[0] && matches(what, i)) {
				return i;
			}
		}
		return -1;
	}

	/** A listener for what is read. */
	interface Listener {

		/** Takes the status of a response. */
		void begun(int status);

		/** Takes an event of the kind s(napshot), d(elta) or p(ing). */
		void event(char kind, String id, boolean complete);

		/** Takes an instance that the event mentions. */
		void mentioned(int number, char state);

	}

}
