package io.redmesh.autoconfigure.restclient;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

import io.redmesh.autoconfigure.call.HttpCall;

import org.springframework.http.StreamingHttpOutputMessage.Body;

/**
 * The body of one attempt, streamed from the app to the HTTP client. Reports to the call
 * how much of it is gone. It also tells an app that cannot produce the body from a
 * connection that cannot take it: only the second says anything about the instance.
 */
final class AttemptBody implements Body {

	private final Body body;

	private final HttpCall call;

	AttemptBody(Body body, HttpCall call) {
		this.body = body;
		this.call = call;
	}

	// Apache's client and other clients write it on the calling thread, the JDK's and
	// Reactor Netty's on a thread of their own.
	@Override
	public void writeTo(OutputStream output) throws IOException {
		try {
			write(output);
		}
		catch (Error ex) {
			// When an error passes through it, Apache's client closes all its connections
			// for good.
			throw new BodyErrorException(ex);
		}
	}

	private void write(OutputStream output) throws IOException {
		if (!this.body.repeatable()) {
			this.call.cannotBeRepeated();
		}
		Connection connection = new Connection(output);
		try {
			this.body.writeTo(connection);
		}
		catch (Throwable ex) {
			if (!connection.failed) {
				this.call.abandon();
			}
			throw ex;
		}
	}

	@Override
	public boolean repeatable() {
		return this.body.repeatable();
	}

	/** The exception that carries an error of the app's body through the HTTP client. */
	static final class BodyErrorException extends IOException {

		private static final long serialVersionUID = 1L;

		private final transient Error error;

		BodyErrorException(Error error) {
			super("The body of the request could not be written", error);
			this.error = error;
		}

		Error error() {
			return this.error;
		}

	}

	private final class Connection extends FilterOutputStream {

		private long written;

		private boolean failed;

		Connection(OutputStream output) {
			super(output);
		}

		@Override
		public void write(int octet) throws IOException {
			count(1);
			try {
				this.out.write(octet);
			}
			catch (Throwable ex) {
				this.failed = true;
				throw ex;
			}
		}

		@Override
		public void write(byte[] bytes, int offset, int length) throws IOException {
			count(length);
			try {
				this.out.write(bytes, offset, length);
			}
			catch (Throwable ex) {
				this.failed = true;
				throw ex;
			}
		}

		@Override
		public void flush() throws IOException {
			try {
				super.flush();
			}
			catch (Throwable ex) {
				this.failed = true;
				throw ex;
			}
		}

		@Override
		public void close() throws IOException {
			// The client itself ends the request that it has begun.
			flush();
		}

		private void count(int length) {
			this.written += length;
			AttemptBody.this.call.bodyHas(this.written);
		}

	}

}
