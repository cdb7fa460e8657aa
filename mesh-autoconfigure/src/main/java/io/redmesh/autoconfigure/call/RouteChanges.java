package io.redmesh.autoconfigure.call;

import java.util.ArrayList;
import java.util.List;

import io.redmesh.core.call.Routing;
import io.redmesh.core.traffic.Forward;
import io.redmesh.core.traffic.HeaderOperations;
import io.redmesh.core.traffic.MutableHeaders;
import io.redmesh.core.traffic.PathRewrite;
import io.redmesh.core.traffic.Rewrite;
import io.redmesh.core.traffic.Route;
import io.redmesh.core.traffic.RouteDestination;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;

/**
 * The changes that the route of a call makes to its request and its response. Those of
 * the destination follow those of the route.
 */
final class RouteChanges {

	private RouteChanges() {
	}

	/**
	 * Rewrites a request target.
	 * @param routing the decision of rules on the call, or null
	 * @param target path, query and fragment as they were written; possibly empty
	 * @return the same, with the path that the route sends
	 */
	static String target(@Nullable Routing routing, String target) {
		Rewrite rewrite = rewrite(routing);
		PathRewrite change = (rewrite != null) ? rewrite.path() : null;
		if (change == null) {
			return target;
		}
		int end = 0;
		while (end < target.length() && target.charAt(end) != '?' && target.charAt(end) != '#') {
			end++;
		}
		String path = change.apply((end == 0) ? "/" : target.substring(0, end));
		return (path.startsWith("/") ? path : "/" + path) + target.substring(end);
	}

	private static @Nullable Rewrite rewrite(@Nullable Routing routing) {
		Forward forward = (routing != null) ? routing.forward() : null;
		return (forward != null) ? forward.rewrite() : null;
	}

	/**
	 * Changes the headers of a request.
	 * @param routing the decision of rules on the call, or null
	 * @param headers the headers of an attempt
	 */
	static void request(@Nullable Routing routing, HttpHeaders headers) {
		Route route = (routing != null) ? routing.route() : null;
		if (routing == null || route == null) {
			return;
		}
		Rewrite rewrite = rewrite(routing);
		String authority = (rewrite != null) ? rewrite.authority() : null;
		if (authority != null) {
			headers.set(HttpHeaders.HOST, authority);
		}
		MutableHeaders mutable = new SpringHeaders(headers);
		route.headers().request().apply(mutable);
		ofTarget(routing).request().apply(mutable);
	}

	/**
	 * Tells whether the headers of responses are changed.
	 * @param routing the decision of rules on the call, or null
	 * @return whether they are
	 */
	static boolean changesResponse(@Nullable Routing routing) {
		Route route = (routing != null) ? routing.route() : null;
		return routing != null && route != null
				&& !(route.headers().response().isEmpty() && ofTarget(routing).response().isEmpty());
	}

	/**
	 * Changes the headers of a response.
	 * @param routing the decision of rules on the call, or null
	 * @param headers the headers of the response, mutable
	 */
	static void response(@Nullable Routing routing, HttpHeaders headers) {
		Route route = (routing != null) ? routing.route() : null;
		if (routing != null && route != null) {
			MutableHeaders mutable = new SpringHeaders(headers);
			route.headers().response().apply(mutable);
			ofTarget(routing).response().apply(mutable);
		}
	}

	private static HeaderOperations ofTarget(Routing routing) {
		RouteDestination target = routing.target();
		return (target != null) ? target.headers() : HeaderOperations.NONE;
	}

	/** Spring's headers, as rules change them. */
	private record SpringHeaders(HttpHeaders headers) implements MutableHeaders {

		@Override
		public void remove(String name) {
			this.headers.remove(name);
		}

		@Override
		public void set(String name, String value) {
			this.headers.set(name, value);
		}

		// The list may be immutable, or that of the app's own request.
		@Override
		public void add(String name, String value) {
			List<String> values = new ArrayList<>(this.headers.getOrEmpty(name));
			values.add(value);
			this.headers.put(name, values);
		}

	}

}
