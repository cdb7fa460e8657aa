package io.redmesh.autoconfigure.inbound;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What this app asks of the calls that it receives.
 *
 * @param checkDestination Whether calls that name another service than this one are
 * answered with 421 (Misdirected Request).
 */
@ConfigurationProperties("mesh.inbound")
public record InboundProperties(@DefaultValue("true") boolean checkDestination) {

}
