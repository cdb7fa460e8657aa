package io.redmesh.core.traffic.document;

import java.util.List;

import io.redmesh.core.traffic.ConnectionPoolRule;

/** A reader of {@code connectionPool}. */
final class ConnectionPoolReader {

	private static final String OF_THE_CLIENT = "the HTTP client has its own configuration of connections";

	private ConnectionPoolReader() {
	}

	static ConnectionPoolRule read(Fields fields) {
		ConnectionPoolRule tcp = fields.get("tcp").read(ConnectionPoolReader::tcp);
		ConnectionPoolRule http = fields.get("http").read(ConnectionPoolReader::http);
		int connections = (tcp != null) ? tcp.maxCalls() : 0;
		int requests = (http != null) ? http.maxCalls() : 0;
		int maxCalls = (connections == 0 || requests == 0) ? connections + requests : Math.min(connections, requests);
		return new ConnectionPoolRule(maxCalls, (http != null) ? http.maxPending() : null);
	}

	private static ConnectionPoolRule tcp(Fields fields) {
		int maxConnections = fields.get("maxConnections").integer(0, Integer.MAX_VALUE, 0);
		for (String field : List.of("connectTimeout", "maxConnectionDuration", "idleTimeout", "tcpKeepalive")) {
			fields.withoutEffect(field, OF_THE_CLIENT);
		}
		return new ConnectionPoolRule(maxConnections, null);
	}

	private static ConnectionPoolRule http(Fields fields) {
		int maxRequests = fields.get("http2MaxRequests").integer(0, Integer.MAX_VALUE, 0);
		Node pending = fields.get("http1MaxPendingRequests");
		int maxPending = pending.integer(0, Integer.MAX_VALUE, 0);
		fields.withoutEffect("maxRetries", "retryBudget is the limit of retries");
		for (String field : List.of("maxRequestsPerConnection", "idleTimeout", "h2UpgradePolicy", "useClientProtocol",
				"maxConcurrentStreams", "http2KeepAlive")) {
			fields.withoutEffect(field, OF_THE_CLIENT);
		}
		return new ConnectionPoolRule(maxRequests, (maxPending == 0) ? null : maxPending);
	}

}
