package io.redmesh.registry.rest;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

import org.springframework.util.unit.DataSize;

/** A splitter of one body, which arrives in parts, into lines. Not thread-safe. */
final class LineSplitter {

	private final DataSize limit;

	private final DataSize lineLimit;

	private final ByteArrayOutputStream line = new ByteArrayOutputStream();

	private long size;

	private int number = 1;

	/**
	 * Creates a splitter.
	 * @param limit the maximum size of the body
	 * @param lineLimit the maximum size of a line
	 */
	LineSplitter(DataSize limit, DataSize lineLimit) {
		this.limit = limit;
		this.lineLimit = lineLimit;
	}

	/**
	 * Adds a part.
	 * @param part the next bytes
	 * @return the lines that end in this part
	 * @throws ProblemException if the body or a line is too large
	 */
	List<byte[]> add(byte[] part) {
		this.size += part.length;
		if (this.size > this.limit.toBytes()) {
			throw RequestBody.tooLarge(this.limit).asException();
		}
		List<byte[]> ended = new ArrayList<>();
		int begin = 0;
		for (int i = 0; i < part.length; i++) {
			if (part[i] == '\n') {
				append(part, begin, i);
				ended.add(rest());
				begin = i + 1;
			}
		}
		append(part, begin, part.length);
		return ended;
	}

	private void append(byte[] part, int begin, int end) {
		if (this.line.size() + (long) end - begin > this.lineLimit.toBytes()) {
			throw Problem.bodyTooLarge("at most " + this.lineLimit.toKilobytes() + " KiB are read")
				.in("line " + this.number + ": ")
				.asException();
		}
		this.line.write(part, begin, end - begin);
	}

	/**
	 * Ends the line.
	 * @return the bytes since the end of the last line
	 */
	byte[] rest() {
		byte[] whole = this.line.toByteArray();
		this.line.reset();
		this.number++;
		return whole;
	}

}
