package io.redmesh.core.traffic;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * The failures that eject an endpoint, and the limits of ejections.
 *
 * @param consecutiveErrors the number of consecutive failures that eject an endpoint:
 * statuses of 500 to 599, and attempts without a response; 0 for never
 * @param consecutiveGatewayErrors the same, of the statuses 502, 503 and 504, and
 * attempts without a response; 0 for never
 * @param consecutiveLocalErrors the same, of attempts without a response, which then do
 * not count as the above; null if they count as the above
 * @param baseEjectionTime how long the first ejection lasts
 * @param maxEjectionPercent the largest share of endpoints that may be ejected, 0 to 100
 * @param minHealthPercent the share of endpoints that must be left for ejections to
 * count, 0 to 100
 */
public record OutlierRule(int consecutiveErrors, int consecutiveGatewayErrors, @Nullable Integer consecutiveLocalErrors,
		Duration baseEjectionTime, int maxEjectionPercent, int minHealthPercent) {
}
