package io.redmesh.registry.store.redis;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * A check of Redis' version and eviction policy at the first connection, which logs what
 * does not fit. Skips what Redis' user may not read.
 */
final class RedisCheck {

	private static final Logger logger = LoggerFactory.getLogger(RedisCheck.class);

	private static final Pattern VERSION = Pattern.compile("redis_version:(\\d+)\\.(\\d+)");

	private static final String POLICY = "maxmemory-policy";

	private final RedisLink link;

	RedisCheck(RedisLink link) {
		this.link = link;
	}

	/** Starts the check. */
	void start() {
		this.link.ask((redis) -> redis.info("server"))
			.doOnNext((info) -> warn(versionProblem(info)))
			.onErrorResume((failure) -> Mono.empty())
			.then(this.link.ask((redis) -> redis.configGet(POLICY)))
			.subscribe((settings) -> warn(policyProblem(settings)),
					(failure) -> logger.debug("Redis' settings cannot be read", failure));
	}

	private static void warn(@Nullable String problem) {
		if (problem != null) {
			logger.warn("{}", problem);
		}
	}

	/**
	 * Returns the problem of a Redis whose version is too old.
	 * @param info what Redis reports of its server
	 * @return the text of the warning, or null
	 */
	static @Nullable String versionProblem(String info) {
		Matcher version = VERSION.matcher(info);
		if (!version.find()) {
			return null;
		}
		int major = Integer.parseInt(version.group(1));
		int minor = Integer.parseInt(version.group(2));
		return (major > 6 || (major == 6 && minor >= 2)) ? null
				: "This is Redis %d.%d, the registry needs 6.2 or later".formatted(major, minor);
	}

	/**
	 * Returns the problem of a Redis that drops keys when its memory is full.
	 * @param settings the settings of Redis
	 * @return the text of the warning, or null
	 */
	static @Nullable String policyProblem(Map<String, String> settings) {
		String policy = settings.get(POLICY);
		return (policy == null || policy.equals("noeviction")) ? null
				: "Redis has maxmemory-policy %s: when its memory is full it drops leases, set it to noeviction"
					.formatted(policy);
	}

}
