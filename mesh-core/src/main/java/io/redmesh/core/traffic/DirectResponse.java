package io.redmesh.core.traffic;

/**
 * The action that responds without calling any instance.
 *
 * @param status the status, 200 to 599
 * @param body the body, which may be empty
 */
public record DirectResponse(int status, String body) implements RouteAction {
}
