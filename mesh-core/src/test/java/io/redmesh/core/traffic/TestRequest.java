package io.redmesh.core.traffic;

import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** A request of a test: {@code GET /} of http://orders, unless a test says otherwise. */
public final class TestRequest implements RequestFacts {

	private final Map<String, String> headers = new HashMap<>();

	private final Map<String, String> parameters = new HashMap<>();

	private String method = "GET";

	private String path = "/";

	private String authority = "orders";

	private String scheme = "http";

	private int port = 80;

	public static TestRequest get(String path) {
		TestRequest request = new TestRequest();
		request.path = path;
		return request;
	}

	public TestRequest method(String method) {
		this.method = method;
		return this;
	}

	public TestRequest authority(String authority) {
		this.authority = authority;
		return this;
	}

	public TestRequest scheme(String scheme) {
		this.scheme = scheme;
		return this;
	}

	public TestRequest port(int port) {
		this.port = port;
		return this;
	}

	public TestRequest header(String name, String value) {
		this.headers.put(name, value);
		return this;
	}

	public TestRequest parameter(String name, String value) {
		this.parameters.put(name, value);
		return this;
	}

	@Override
	public String method() {
		return this.method;
	}

	@Override
	public String path() {
		return this.path;
	}

	@Override
	public @Nullable String header(String name) {
		return this.headers.get(name);
	}

	@Override
	public @Nullable String queryParameter(String name) {
		return this.parameters.get(name);
	}

	@Override
	public String authority() {
		return this.authority;
	}

	@Override
	public String scheme() {
		return this.scheme;
	}

	@Override
	public int port() {
		return this.port;
	}

}
