package io.redmesh.chaos.mesh;

/**
 * The address of a server.
 *
 * @param name its name in histories
 * @param port its port on this machine
 */
public record Server(String name, int port) {

	String url(String path) {
		return "http://127.0.0.1:" + this.port + path;
	}

}
