package io.redmesh.autoconfigure.registration;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says that {@code spring.application.name} is needed. */
final class InvalidServiceNameFailureAnalyzer extends AbstractFailureAnalyzer<InvalidServiceNameException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidServiceNameException cause) {
		return new FailureAnalysis(cause.getMessage(),
				"Set spring.application.name to the name under which others shall call this app, for example 'orders', "
						+ "or set mesh.registration.enabled=false if nobody calls it.",
				cause);
	}

}
