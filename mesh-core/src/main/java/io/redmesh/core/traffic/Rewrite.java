package io.redmesh.core.traffic;

import org.jspecify.annotations.Nullable;

/**
 * The changes of a request before it is sent.
 *
 * @param path the change of the path, or null
 * @param authority the header {@code Host} to send, or null
 */
public record Rewrite(@Nullable PathRewrite path, @Nullable String authority) {

	Rewrite after(RouteMatch match) {
		return (this.path == null) ? this : new Rewrite(this.path.after(match), this.authority);
	}

}
