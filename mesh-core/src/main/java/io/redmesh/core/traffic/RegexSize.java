package io.redmesh.core.traffic;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * An upper bound of the program that RE2 makes of a regular expression, found before the
 * program is made. Each character counts one, and a repetition counts its operand as
 * often as RE2 copies it. RE2/J bounds a single repetition, but not nested ones:
 * <code>((a{1000}){1000}){1000}</code> would exhaust the memory.
 */
final class RegexSize {

	/** The size of an expression that is too large in any case. */
	static final long TOO_LARGE = Integer.MAX_VALUE;

	private final String text;

	/** The sizes of the open groups, the innermost first, without their last operand. */
	private final Deque<Long> open = new ArrayDeque<>();

	private long size;

	/** The size of the operand that a repetition would repeat. */
	private long operand;

	private RegexSize(String text) {
		this.text = text;
	}

	static long of(String text) {
		// Between \Q and \E brackets mean nothing, so that they cannot be counted.
		return text.contains("\\Q") ? TOO_LARGE : new RegexSize(text).compute();
	}

	private long compute() {
		for (int i = 0; i < this.text.length(); i++) {
			switch (this.text.charAt(i)) {
				case '\\' -> {
					i++;
					next(1);
				}
				case '[' -> {
					i = endOfClass(i);
					next(1);
				}
				case '(' -> {
					next(1);
					this.open.push(this.size);
					this.size = 0;
				}
				case ')' -> close();
				case '{' -> i = repeat(i);
				case '*', '+', '?' -> this.operand++;
				default -> next(1);
			}
		}
		while (!this.open.isEmpty()) {
			close();
		}
		return this.size + this.operand;
	}

	private void next(long operand) {
		this.size += this.operand;
		this.operand = operand;
	}

	private void close() {
		if (!this.open.isEmpty()) {
			long group = this.size + this.operand;
			this.size = this.open.pop();
			this.operand = group + 1;
		}
	}

	private int repeat(int brace) {
		int end = this.text.indexOf('}', brace);
		String counts = (end < 0) ? "" : this.text.substring(brace + 1, end);
		if (!counts.matches("[0-9]{1,9}(,[0-9]{0,9})?")) {
			next(1);
			return brace;
		}
		long copies = 1;
		for (String count : counts.split(",", -1)) {
			copies = Math.max(copies, count.isEmpty() ? 1 : Long.parseLong(count));
		}
		// A copy that may be absent takes one instruction more.
		long copy = this.operand + (counts.contains(",") ? 1 : 0);
		this.operand = Math.min(TOO_LARGE, copy * copies);
		return end;
	}

	/**
	 * Returns the end of a class, or a place before it: a bracket at the beginning of a
	 * class belongs to it. So the rest of the class may count, and nothing is left out.
	 */
	private int endOfClass(int bracket) {
		int i = bracket + 1;
		while (i < this.text.length() && this.text.charAt(i) != ']') {
			i += (this.text.charAt(i) == '\\') ? 2 : 1;
		}
		return i;
	}

}
