package io.redmesh.autoconfigure.cloud;

import java.util.List;

import org.springframework.beans.factory.ObjectProvider;

/**
 * The app's own changes to the request of each attempt. The transformers that
 * spring-cloud-loadbalancer brings along are for its own balancing: the mesh has
 * {@link ForwardedHeaders} and session cookies itself.
 */
public final class OwnTransformers {

	private static final String SPRING_CLOUD_LOADBALANCER = "org.springframework.cloud.loadbalancer.";

	private OwnTransformers() {
	}

	/**
	 * Finds the app's own transformers among all of them.
	 * @param <T> the type of transformers
	 * @param transformers the provider of all transformers
	 * @return the app's, in their order
	 */
	public static <T> List<T> of(ObjectProvider<T> transformers) {
		return transformers.orderedStream()
			.filter((transformer) -> !transformer.getClass().getName().startsWith(SPRING_CLOUD_LOADBALANCER))
			.toList();
	}

}
