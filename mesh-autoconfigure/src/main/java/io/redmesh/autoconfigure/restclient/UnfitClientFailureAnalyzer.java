package io.redmesh.autoconfigure.restclient;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says which clients may be taken instead. */
final class UnfitClientFailureAnalyzer extends AbstractFailureAnalyzer<UnfitClientException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, UnfitClientException cause) {
		return new FailureAnalysis(cause.getMessage(),
				"Set spring.http.clients.imperative.factory to jdk, http-components, jetty or reactor, or leave it out. "
						+ "A RestTemplate of your own takes one as 'new RestTemplate(new JdkClientHttpRequestFactory())', "
						+ "or comes from a RestTemplateBuilder.",
				cause);
	}

}
