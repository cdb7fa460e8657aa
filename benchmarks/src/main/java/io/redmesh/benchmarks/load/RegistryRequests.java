package io.redmesh.benchmarks.load;

import java.net.URI;
import java.util.List;

/**
 * Requests to our registry server, prepared.
 *
 * @param server where it is
 */
public record RegistryRequests(URI server) {

	/** The port of every instance. */
	public static final int PORT = 8080;

	private static final String NAMESPACE = "/v1/namespaces/default";

	/** What an app tells about itself as a matter of course. */
	public static String metadata() {
		return """
				{"context-path":"/orders","management-port":"9090","build":"2026.11.3-4711","git":"7f3a9c1e",\
				"owner":"checkout-team","started":"2026-11-25T08:15:30Z"}""";
	}

	/** Registers, with the lease that is held if any. */
	public byte[] register(Named instance, String token, String ttl) {
		return registration(instance, ttl, token.isEmpty() ? "" : lease(token));
	}

	/** Registers as an app does that repeats what was not answered. */
	public byte[] register(Named instance, String token, String ttl, String incarnation) {
		return registration(instance, ttl,
				(token.isEmpty() ? "" : lease(token)) + "Mesh-Incarnation: " + incarnation + "\r\n");
	}

	private byte[] registration(Named instance, String ttl, String headers) {
		return HttpLoad.request("PUT", this.server, path(instance), headers, """
				{"host":"%s","port":%d,"secure":false,"weight":100,\
				"locality":{"region":"eu","zone":"a","subZone":""},"labels":{"version":"2026.11.3"},\
				"metadata":%s,"status":"UP","ttl":"%s"}""".formatted(instance.host(), PORT, metadata(), ttl));
	}

	/** Renews one lease. */
	public byte[] renew(Named instance, String token) {
		return HttpLoad.request("POST", this.server, path(instance) + "/heartbeat", lease(token), "");
	}

	/** Renews many leases. */
	public byte[] renew(List<? extends Named> instances, List<String> tokens) {
		StringBuilder leases = new StringBuilder();
		for (int i = 0; i < tokens.size(); i++) {
			leases.append(leases.isEmpty() ? "" : ",")
				.append("{\"service\":\"%s\",\"id\":\"%s\",\"token\":\"%s\"}".formatted(instances.get(i).service(),
						instances.get(i).id(), tokens.get(i)));
		}
		return HttpLoad.request("POST", this.server, NAMESPACE + "/heartbeats", "", "{\"leases\":[" + leases + "]}");
	}

	/** Changes an instance's own status. */
	public byte[] status(Named instance, String token, String status) {
		return HttpLoad.request("PUT", this.server, path(instance) + "/status", lease(token),
				"{\"status\":\"" + status + "\"}");
	}

	/** Deregisters. */
	public byte[] deregister(Named instance, String token) {
		return HttpLoad.request("DELETE", this.server, path(instance), lease(token), "");
	}

	/** Reads one service. */
	public byte[] read(String service) {
		return get(NAMESPACE + "/services/" + service);
	}

	/** Reads how many instances the services have. */
	public byte[] services() {
		return get(NAMESPACE + "/services");
	}

	/** Reads anything. */
	public byte[] get(String path) {
		return HttpLoad.request("GET", this.server, path, "", "");
	}

	/** Watches, from where it was if it was before. */
	public byte[] watch(List<String> services, String lastEventId) {
		return HttpLoad.request("GET", this.server, NAMESPACE + "/watch?service=" + String.join("&service=", services),
				"Accept: text/event-stream\r\n"
						+ (lastEventId.isEmpty() ? "" : "Last-Event-ID: " + lastEventId + "\r\n"),
				"");
	}

	/** Finds the token in the answer to a registration. */
	public static String token(String body) {
		int begin = body.indexOf("\"token\":\"") + 9;
		return (begin < 9) ? "" : body.substring(begin, body.indexOf('"', begin));
	}

	private static String path(Named instance) {
		return NAMESPACE + "/services/%s/instances/%s".formatted(instance.service(), instance.id());
	}

	private static String lease(String token) {
		return "Mesh-Lease: " + token + "\r\n";
	}

	/** An instance. */
	public interface Named {

		/** Its service. */
		String service();

		/** Where it runs. */
		String host();

		/** Tells it from the others of its service. */
		default String id() {
			return host() + ":" + PORT;
		}

	}

}
