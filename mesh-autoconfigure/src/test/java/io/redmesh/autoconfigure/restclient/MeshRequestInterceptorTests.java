package io.redmesh.autoconfigure.restclient;

import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import io.redmesh.autoconfigure.call.CallDriverContract;
import io.redmesh.autoconfigure.call.HttpCalls;

import org.springframework.http.HttpMethod;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

class MeshRequestInterceptorTests extends CallDriverContract {

	private final HttpClient httpClient = HttpClient.newHttpClient();

	@Override
	protected Answer send(HttpCalls calls, String method, URI uri, Map<String, String> headers, String body) {
		JdkClientHttpRequestFactory requestFactory = new JdkClientHttpRequestFactory(this.httpClient);
		requestFactory.setReadTimeout(this.readTimeout);
		RestClient client = RestClient.builder()
			.requestFactory(requestFactory)
			.requestInterceptor(new MeshRequestInterceptor(calls))
			.build();
		RestClient.RequestBodySpec request = client.method(HttpMethod.valueOf(method)).uri(uri);
		headers.forEach(request::header);
		if (!body.isEmpty()) {
			request.body(body);
		}
		return request.exchange((sent, response) -> new Answer(response.getStatusCode().value(),
				new String(response.getBody().readAllBytes(), StandardCharsets.UTF_8)));
	}

}
