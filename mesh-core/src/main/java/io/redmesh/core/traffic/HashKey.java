package io.redmesh.core.traffic;

import org.jspecify.annotations.Nullable;

/** The part of a request whose value decides where the request goes. */
public sealed interface HashKey {

	/**
	 * Returns the value in a request.
	 * @param request the request
	 * @return the value, or null if the request has none
	 */
	@Nullable String read(RequestFacts request);

	/**
	 * The value of a header.
	 *
	 * @param name the name in lower case
	 */
	record Header(String name) implements HashKey {

		@Override
		public @Nullable String read(RequestFacts request) {
			return request.header(this.name);
		}

	}

	/**
	 * The value of a cookie.
	 *
	 * @param name the name
	 */
	record Cookie(String name) implements HashKey {

		@Override
		public @Nullable String read(RequestFacts request) {
			return request.cookie(this.name);
		}

	}

	/**
	 * The value of a query parameter.
	 *
	 * @param name the name
	 */
	record QueryParameter(String name) implements HashKey {

		@Override
		public @Nullable String read(RequestFacts request) {
			return request.queryParameter(this.name);
		}

	}

	/** The address of the caller: all requests of a process have the same. */
	record SourceIp() implements HashKey {

		@Override
		public @Nullable String read(RequestFacts request) {
			return "";
		}

	}

}
