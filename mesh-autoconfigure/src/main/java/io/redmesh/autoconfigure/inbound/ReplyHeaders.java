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

/** A servlet response that sets the mesh headers before it is committed. */
final class ReplyHeaders extends HttpServletResponseWrapper {

	private final Admitted admitted;

	private final Supplier<@Nullable String> load;

	/**
	 * Creates a response.
	 * @param response the response of the container
	 * @param admitted the request that it belongs to
	 * @param load returns the value of the load header, or null for no header
	 */
	ReplyHeaders(HttpServletResponse response, Admitted admitted, Supplier<@Nullable String> load) {
		super(response);
		this.admitted = admitted;
		this.load = load;
	}

	/** Sets the load header. It is set anew when the response begins. */
	void setLoad() {
		String value = this.load.get();
		if (value != null) {
			super.setHeader(MeshHeaders.LOAD, value);
		}
	}

	/**
	 * Sets the header that names the service whose failure the response passes on.
	 * @param status the status that the response will have
	 */
	void setFailedAt(int status) {
		String service = this.admitted.failedAt(status);
		if (service != null) {
			super.setHeader(MeshHeaders.FAILED_AT, service);
		}
		else if (status < 500 && containsHeader(MeshHeaders.FAILED_AT)) {
			// The response was a failure before, and no longer is.
			super.setHeader(MeshHeaders.FAILED_AT, null);
		}
	}

	@Override
	public void setStatus(int status) {
		setFailedAt(status);
		super.setStatus(status);
	}

	@Override
	public void sendError(int status) throws IOException {
		setFailedAt(status);
		super.sendError(status);
	}

	@Override
	public void sendError(int status, String message) throws IOException {
		setFailedAt(status);
		super.sendError(status, message);
	}

	@Override
	public void setContentType(@Nullable String type) {
		super.setContentType(type);
		detectStream(type);
	}

	@Override
	public void setHeader(String name, @Nullable String value) {
		if (!isSetByMesh(name)) {
			super.setHeader(name, value);
			detectStream(name, value);
		}
	}

	@Override
	public void addHeader(String name, @Nullable String value) {
		if (!isSetByMesh(name)) {
			super.addHeader(name, value);
			detectStream(name, value);
		}
	}

	// A gateway copies the headers of the response that it passes on. These two are
	// not its own.
	private static boolean isSetByMesh(String name) {
		return MeshHeaders.LOAD.equalsIgnoreCase(name) || MeshHeaders.REFUSED.equalsIgnoreCase(name);
	}

	private void detectStream(String name, @Nullable String value) {
		if (HttpHeaders.CONTENT_TYPE.equalsIgnoreCase(name)) {
			detectStream(value);
		}
	}

	private void detectStream(@Nullable String type) {
		if (Streaming.isStream(type)) {
			this.admitted.releaseSlot();
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
		setLoad();
		this.admitted.served().answerBegan();
	}

}
