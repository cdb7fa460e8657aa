package io.redmesh.benchmarks.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** A response in HTTP/1.1 as it arrives. The object is reused for the next response. */
public final class HttpAnswer {

	private byte[] bytes = new byte[1024];

	private int length;

	// The position up to which the end of the head, later of a chunk, was not found.
	private int searched;

	private int status;

	// Negative until the head has arrived.
	private int body = -1;

	// Negative for a chunked body.
	private int bodyLength;

	private boolean last;

	/** Takes bytes that have arrived and returns whether the response is complete now. */
	public boolean take(ByteBuffer arrived) {
		int more = arrived.remaining();
		if (this.length + more > this.bytes.length) {
			this.bytes = Arrays.copyOf(this.bytes, Math.max(this.length + more, 2 * this.bytes.length));
		}
		arrived.get(this.bytes, this.length, more);
		this.length += more;
		if (this.body < 0 && !head()) {
			return false;
		}
		return (this.bodyLength >= 0) ? this.length >= this.body + this.bodyLength : chunks();
	}

	private boolean head() {
		int end = find("\r\n\r\n", this.searched);
		if (end < 0) {
			this.searched = Math.max(0, this.length - 3);
			return false;
		}
		this.status = number(9, 12);
		this.bodyLength = (this.status == 204 || this.status == 304) ? 0 : Integer.MIN_VALUE;
		String head = new String(this.bytes, 0, end, StandardCharsets.ISO_8859_1);
		head.lines().skip(1).forEach(this::header);
		if (this.bodyLength == Integer.MIN_VALUE) {
			throw new IllegalStateException("Neither Content-Length nor chunks: " + head);
		}
		this.body = end + 4;
		this.searched = this.body;
		return true;
	}

	private void header(String line) {
		if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
			this.bodyLength = Integer.parseInt(line.substring(15).trim());
		}
		else if (line.regionMatches(true, 0, "transfer-encoding:", 0, 18)) {
			this.bodyLength = -1;
		}
		else if (line.regionMatches(true, 0, "connection:", 0, 11)) {
			this.last = line.toLowerCase(Locale.ROOT).contains("close");
		}
	}

	private boolean chunks() {
		while (true) {
			int line = find("\r\n", this.searched);
			if (line < 0) {
				return false;
			}
			int size = Integer
				.parseInt(new String(this.bytes, this.searched, line - this.searched, StandardCharsets.ISO_8859_1), 16);
			int next = line + 2 + size + 2;
			if (next > this.length) {
				return false;
			}
			if (size == 0) {
				return true;
			}
			this.searched = next;
		}
	}

	private int find(String what, int from) {
		for (int i = from; i <= this.length - what.length(); i++) {
			int matched = 0;
			while (matched < what.length() && this.bytes[i + matched] == what.charAt(matched)) {
				matched++;
			}
			if (matched == what.length()) {
				return i;
			}
		}
		return -1;
	}

	private int number(int from, int to) {
		int number = 0;
		for (int i = from; i < to; i++) {
			number = number * 10 + this.bytes[i] - '0';
		}
		return number;
	}

	public int status() {
		return this.status;
	}

	public boolean isLastOfConnection() {
		return this.last;
	}

	/** Returns the received part of the body, with the chunks joined. */
	public String body() {
		if (this.body < 0) {
			return "";
		}
		String all = new String(this.bytes, this.body, this.length - this.body, StandardCharsets.UTF_8);
		return (this.bodyLength >= 0) ? all : all.replaceAll("(^|\r\n)[0-9a-fA-F]+\r\n", "");
	}

	public void clear() {
		this.length = 0;
		this.searched = 0;
		this.body = -1;
		this.last = false;
	}

}
