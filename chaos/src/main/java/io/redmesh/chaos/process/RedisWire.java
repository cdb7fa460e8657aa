package io.redmesh.chaos.process;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A client of Redis that sends each command over a connection of its own. Connecting and
 * each read time out after two seconds, whatever state the process is in.
 */
final class RedisWire {

	private static final int TIMEOUT_MILLIS = 2000;

	private RedisWire() {
	}

	/**
	 * Sends a command to a Redis of this machine.
	 * @param port its port
	 * @param command the command and its arguments
	 * @return a text, a number, a list of these, or null
	 * @throws UncheckedIOException if it cannot be reached
	 * @throws IllegalStateException if it replies with an error
	 */
	static @Nullable Object call(int port, String... command) {
		try (Socket socket = new Socket()) {
			socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
			socket.setSoTimeout(TIMEOUT_MILLIS);
			StringBuilder request = new StringBuilder("*" + command.length + "\r\n");
			for (String part : command) {
				request.append("$").append(part.length()).append("\r\n").append(part).append("\r\n");
			}
			socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.ISO_8859_1));
			return read(new BufferedInputStream(socket.getInputStream()));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(String.join(" ", command) + " at " + port + ": " + ex.getMessage(), ex);
		}
	}

	private static @Nullable Object read(InputStream input) throws IOException {
		String line = line(input);
		String rest = line.substring(1);
		return switch (line.charAt(0)) {
			case '+' -> rest;
			case '-' -> throw new IllegalStateException(rest);
			case ':' -> Long.parseLong(rest);
			case '$' -> text(input, Integer.parseInt(rest));
			default -> list(input, Integer.parseInt(rest));
		};
	}

	private static @Nullable String text(InputStream input, int length) throws IOException {
		return (length < 0) ? null : new String(bytes(input, length), StandardCharsets.UTF_8);
	}

	private static List<@Nullable Object> list(InputStream input, int length) throws IOException {
		List<@Nullable Object> list = new ArrayList<>();
		for (int i = 0; i < length; i++) {
			list.add(read(input));
		}
		return list;
	}

	private static byte[] bytes(InputStream input, int length) throws IOException {
		byte[] bytes = input.readNBytes(length);
		input.readNBytes(2);
		return bytes;
	}

	private static String line(InputStream input) throws IOException {
		StringBuilder line = new StringBuilder();
		for (int next = input.read(); next != '\r'; next = input.read()) {
			if (next < 0) {
				throw new IOException("the connection ended");
			}
			line.append((char) next);
		}
		input.read();
		return line.toString();
	}

}
