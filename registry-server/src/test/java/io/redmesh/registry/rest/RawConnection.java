package io.redmesh.registry.rest;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/**
 * A connection on which a test writes any bytes at any time, and reads the responses one
 * by one. It trusts the length that a response declares.
 */
final class RawConnection implements AutoCloseable {

	private final Socket socket;

	private final InputStream input;

	RawConnection(int port, Duration patience) throws IOException {
		this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
		this.socket.setTcpNoDelay(true);
		this.socket.setSoTimeout((int) patience.toMillis());
		this.input = new BufferedInputStream(this.socket.getInputStream());
	}

	void write(String text) throws IOException {
		write(text.getBytes(StandardCharsets.UTF_8));
	}

	void write(byte[] bytes) throws IOException {
		this.socket.getOutputStream().write(bytes);
	}

	void writeByteByByte(String text) throws IOException {
		for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
			this.socket.getOutputStream().write(one);
		}
	}

	/** Ends the output: no more is written. */
	void end() throws IOException {
		this.socket.shutdownOutput();
	}

	/** Closes the connection with a reset. */
	void abort() throws IOException {
		this.socket.setSoLinger(true, 0);
		close();
	}

	/**
	 * Reads a response up to its declared end. Of an event stream it reads only the head.
	 * @return the status
	 */
	int readResponse(String method) throws IOException {
		String line = line();
		int status = Integer.parseInt(line.split(" ")[1]);
		long length = 0;
		boolean chunked = false;
		boolean endless = false;
		for (String header = line(); !header.isEmpty(); header = line()) {
			String lower = header.toLowerCase(Locale.ROOT);
			if (lower.startsWith("content-length:")) {
				length = Long.parseLong(lower.substring(lower.indexOf(':') + 1).strip());
			}
			chunked |= lower.startsWith("transfer-encoding:") && lower.contains("chunked");
			endless |= lower.startsWith("content-type:") && lower.contains("event-stream");
		}
		if (!method.equals("HEAD") && !endless) {
			if (chunked) {
				skipChunks();
			}
			else {
				this.input.skipNBytes(length);
			}
		}
		return status;
	}

	private void skipChunks() throws IOException {
		for (int size = size(); size > 0; size = size()) {
			this.input.skipNBytes(size + 2);
		}
		line();
	}

	private int size() throws IOException {
		return Integer.parseInt(line().split(";")[0].strip(), 16);
	}

	String line() throws IOException {
		StringBuilder line = new StringBuilder();
		for (int next = this.input.read(); next != '\n'; next = this.input.read()) {
			if (next < 0) {
				throw new EOFException("The connection was closed after \"" + line + "\"");
			}
			if (next != '\r') {
				line.append((char) next);
			}
		}
		return line.toString();
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
