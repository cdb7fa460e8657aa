package io.redmesh.core.endpoint;

import io.redmesh.core.instance.Instance;
import org.slf4j.Logger;

/** The log lines for changes that the registry reports of an instance. */
final class StatusLog {

	private StatusLog() {
	}

	static void log(Logger logger, Instance old, Instance instance) {
		if (old.suspect() != instance.suspect()) {
			logger.info("{}: endpoint {} is {}", instance.service(), instance.authority(),
					instance.suspect() ? "suspect to the registry, other instances preferred" : "no longer suspect");
		}
		if (old.status() != instance.status()) {
			logger.info("{}: endpoint {} is {} now", instance.service(), instance.authority(), instance.status());
		}
	}

}
