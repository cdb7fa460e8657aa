package io.redmesh.benchmarks.load;

import java.net.URI;
import java.util.List;

/**
 * A factory of prepared requests to our registry server.
 *
 * @param server the server's URL
 */
public record RegistryRequests(URI server) {

	/** The port of every instance. */
	public static final int PORT = 8080;

	private static final String NAMESPACE = "/v1/namespaces/default";

	/** Returns the metadata that an app usually registers, as JSON. */
	public static String metadata() {
		return """
				{"context-path":"/orders","management-port":"9090","build":"2026.11.3-4711","git":"7f3a9c1e",\
				"owner":"checkout-team","started":"2026-11-25T08:15:30Z"}""";
	}

	/** Returns a registration, with the lease's token unless that is empty. */
	public byte[] register(Named instance, String token, String ttl) {
		return registration(instance, ttl, token.isEmpty() ? "" : lease(token));
	}

	/**
	 * Returns a registration of an incarnation, which an app may repeat after a timeout.
	 */
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

	/** Returns a renewal of one lease. */
	public byte[] renew(Named instance, String token) {
		return HttpLoad.request("POST", this.server, path(instance) + "/heartbeat", lease(token), "");
	}

	/** Returns a renewal of many leases. */
	public byte[] renew(List<? extends Named> instances, List<String> tokens) {
		StringBuilder leases = new StringBuilder();
		for (int i = 0; i < tokens.size(); i++) {
			leases.append(leases.isEmpty() ? "" : ",")
				.append("{\"service\":\"%s\",\"id\":\"%s\",\"token\":\"%s\"}".formatted(instances.get(i).service(),
						instances.get(i).id(), tokens.get(i)));
		}
		return HttpLoad.request("POST", this.server, NAMESPACE + "/heartbeats", "", "{\"leases\":[" + leases + "]}");
	}

	/** Returns a change of the status that an instance sets for itself. */
	public byte[] status(Named instance, String token, String status) {
		return HttpLoad.request("PUT", this.server, path(instance) + "/status", lease(token),
				"{\"status\":\"" + status + "\"}");
	}

	/** Returns a deregistration. */
	public byte[] deregister(Named instance, String token) {
		return HttpLoad.request("DELETE", this.server, path(instance), lease(token), "");
	}

	/** Returns a read of one service. */
	public byte[] read(String service) {
		return get(NAMESPACE + "/services/" + service);
	}

	/** Returns a read of all services with their numbers of instances. */
	public byte[] services() {
		return get(NAMESPACE + "/services");
	}

	/** Returns a GET of any path. */
	public byte[] get(String path) {
		return HttpLoad.request("GET", this.server, path, "", "");
	}

	/**
	 * Returns the start of a watch. It resumes after the event with the id, unless that
	 * is empty.
	 */
	public byte[] watch(List<String> services, String lastEventId) {
		return HttpLoad.request("GET", this.server, NAMESPACE + "/watch?service=" + String.join("&service=", services),
				"Accept: text/event-stream\r\n"
						+ (lastEventId.isEmpty() ? "" : "Last-Event-ID: " + lastEventId + "\r\n"),
				"");
	}

	/**
	 * Finds the token in the response to a registration; returns an empty text if there
	 * is none.
	 */
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

	/** An instance with its names. */
	public interface Named {

		/** Returns the name of its service. */
		String service();

		/** Returns its host. */
		String host();

		/** Returns its id, which is unique in the service. */
		default String id() {
			return host() + ":" + PORT;
		}

	}

}
