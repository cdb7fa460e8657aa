package io.redmesh.autoconfigure.restclient;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import io.redmesh.autoconfigure.call.Redirect;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.StreamingHttpOutputMessage;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.util.Assert;
import org.springframework.util.CollectionUtils;
import org.springframework.util.FastByteArrayOutputStream;
import org.springframework.util.LinkedCaseInsensitiveMap;
import org.springframework.util.MultiValueMap;

/**
 * A request as the app made it, with all that its interceptors and initializers added.
 * Each attempt gets a copy, so it stays as it is. Its body is streamed.
 */
final class MeshClientHttpRequest implements ClientHttpRequest, StreamingHttpOutputMessage {

	private final MeshClientHttpRequestFactory factory;

	private final URI uri;

	private final HttpMethod method;

	// The map that HttpHeaders would create itself. Through HttpHeaders it can be copied
	// only by way of a set of all names.
	private final MultiValueMap<String, String> fields = CollectionUtils
		.toMultiValueMap(new LinkedCaseInsensitiveMap<>(8, Locale.ROOT));

	private final HttpHeaders headers = new HttpHeaders(this.fields);

	private @Nullable Map<String, Object> attributes;

	private @Nullable Body body;

	private boolean executed;

	MeshClientHttpRequest(MeshClientHttpRequestFactory factory, URI uri, HttpMethod method) {
		this.factory = factory;
		this.uri = uri;
		this.method = method;
	}

	@Override
	public URI getURI() {
		return this.uri;
	}

	@Override
	public HttpMethod getMethod() {
		return this.method;
	}

	@Override
	public HttpHeaders getHeaders() {
		return this.headers;
	}

	/**
	 * Copies the headers to those of an attempt.
	 * @param attempt the headers of a new request
	 */
	void copyHeaders(HttpHeaders attempt) {
		this.fields.forEach((name, values) -> attempt.put(name, new ArrayList<>(values)));
	}

	@Override
	public Map<String, Object> getAttributes() {
		if (this.attributes == null) {
			this.attributes = new LinkedHashMap<>();
		}
		return this.attributes;
	}

	/**
	 * Returns the attributes, without creating a map if there are none.
	 * @return the attributes
	 */
	Map<String, Object> attributes() {
		return (this.attributes != null) ? this.attributes : Map.of();
	}

	@Nullable Body body() {
		return this.body;
	}

	@Override
	public OutputStream getBody() {
		assertNotExecuted();
		if (this.body == null) {
			this.body = new HeldBody();
		}
		Assert.state(this.body instanceof HeldBody, "Invoke either getBody or setBody; not both");
		return ((HeldBody) this.body).bytes;
	}

	@Override
	public void setBody(Body body) {
		assertNotExecuted();
		Assert.state(!(this.body instanceof HeldBody), "Invoke either getBody or setBody; not both");
		this.body = body;
	}

	@Override
	public ClientHttpResponse execute() throws IOException {
		assertNotExecuted();
		this.executed = true;
		return this.factory.execute(this);
	}

	private void assertNotExecuted() {
		Assert.state(!this.executed, "ClientHttpRequest already executed");
	}

	/**
	 * Creates the request that a redirect of this one asks for.
	 * @param redirect the redirect
	 * @return the request
	 */
	MeshClientHttpRequest redirected(Redirect redirect) {
		MeshClientHttpRequest next = new MeshClientHttpRequest(this.factory, redirect.uri(), redirect.method());
		this.fields.forEach((name, values) -> {
			if (redirect.keeps(name)) {
				next.headers.addAll(name, values);
			}
		});
		if (this.attributes != null) {
			next.attributes = new LinkedHashMap<>(this.attributes);
		}
		next.body = redirect.keepsBody() ? this.body : null;
		return next;
	}

	/** A body in memory, written by code that does not use streams. */
	private static final class HeldBody implements Body {

		private final FastByteArrayOutputStream bytes = new FastByteArrayOutputStream(1024);

		@Override
		public void writeTo(OutputStream output) throws IOException {
			this.bytes.writeTo(output);
		}

		@Override
		public boolean repeatable() {
			return true;
		}

	}

}
