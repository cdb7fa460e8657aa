package io.redmesh.chaos.mesh;

import java.io.IOException;
import java.io.InputStream;

/** The body of a chunked response, without the sizes of the chunks. */
final class ChunkedInput extends InputStream {

	private final InputStream input;

	private int left;

	private boolean begun;

	private boolean ended;

	ChunkedInput(InputStream input) {
		this.input = input;
	}

	@Override
	public int read() throws IOException {
		return hasMore() ? take() : -1;
	}

	@Override
	public int read(byte[] bytes, int offset, int length) throws IOException {
		if (!hasMore()) {
			return -1;
		}
		int read = this.input.read(bytes, offset, Math.min(length, this.left));
		this.left -= Math.max(0, read);
		return read;
	}

	private int take() throws IOException {
		this.left--;
		return this.input.read();
	}

	private boolean hasMore() throws IOException {
		if (this.left == 0 && !this.ended) {
			if (this.begun) {
				line();
			}
			this.begun = true;
			this.left = Integer.parseInt(line(), 16);
			this.ended = this.left == 0;
		}
		return !this.ended;
	}

	private String line() throws IOException {
		StringBuilder line = new StringBuilder();
		for (int next = this.input.read(); next != '\n'; next = this.input.read()) {
			if (next < 0) {
				throw new IOException("the connection ended within a chunk");
			}
			if (next != '\r') {
				line.append((char) next);
			}
		}
		return line.toString();
	}

}
