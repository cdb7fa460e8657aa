package io.redmesh.autoconfigure.inbound;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.function.Supplier;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;

import io.redmesh.autoconfigure.call.MeshHeaders;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;

/** An answer that tells the caller what the mesh knows, as long as it has not begun. */
final class ReplyHeaders extends HttpServletResponseWrapper {

	private final Admitted admitted;

	private final Supplier<@Nullable String> load;

	/**
	 * Creates it.
	 * @param response the answer
	 * @param admitted what it answers
	 * @param load tells how busy the app is, or null if the caller does not care
	 */
	ReplyHeaders(HttpServletResponse response, Admitted admitted, Supplier<@Nullable String> load) {
		super(response);
		this.admitted = admitted;
		this.load = load;
	}

	/** Tells how busy the app is; asked again when the answer begins. */
	void tellLoad() {
		String value = this.load.get();
		if (value != null) {
			super.setHeader(MeshHeaders.LOAD, value);
		}
	}

	/**
	 * Tells whose failure it passes on.
	 * @param status the status that it will have
	 */
	void tellFailedAt(int status) {
		String service = this.admitted.failedAt(status);
		if (service != null) {
			super.setHeader(MeshHeaders.FAILED_AT, service);
		}
		else if (status < 500 && containsHeader(MeshHeaders.FAILED_AT)) {
			// It was a failure before, and has become something else.
			super.setHeader(MeshHeaders.FAILED_AT, null);
		}
	}

	@Override
	public void setStatus(int status) {
		tellFailedAt(status);
		super.setStatus(status);
	}

	@Override
	public void sendError(int status) throws IOException {
		tellFailedAt(status);
		super.sendError(status);
	}

	@Override
	public void sendError(int status, String message) throws IOException {
		tellFailedAt(status);
		super.sendError(status, message);
	}

	@Override
	public void setContentType(@Nullable String type) {
		super.setContentType(type);
		noteType(type);
	}

	@Override
	public void setHeader(String name, @Nullable String value) {
		if (!isOwn(name)) {
			super.setHeader(name, value);
			noteType(name, value);
		}
	}

	@Override
	public void addHeader(String name, @Nullable String value) {
		if (!isOwn(name)) {
			super.addHeader(name, value);
			noteType(name, value);
		}
	}

	// A gateway passes on the answer of another; what that says of itself is not its own.
	private static boolean isOwn(String name) {
		return MeshHeaders.LOAD.equalsIgnoreCase(name) || MeshHeaders.REFUSED.equalsIgnoreCase(name);
	}

	private void noteType(String name, @Nullable String value) {
		if (HttpHeaders.CONTENT_TYPE.equalsIgnoreCase(name)) {
			noteType(value);
		}
	}

	private void noteType(@Nullable String type) {
		if (Streaming.isStream(type)) {
			this.admitted.goesOnElsewhere();
		}
	}

	@Override
	public ServletOutputStream getOutputStream() throws IOException {
		begin();
		return super.getOutputStream();
	}

	@Override
	public PrintWriter getWriter() throws IOException {
		begin();
		return super.getWriter();
	}

	@Override
	public void flushBuffer() throws IOException {
		begin();
		super.flushBuffer();
	}

	private void begin() {
		tellLoad();
		this.admitted.served().answerBegan();
	}

}
