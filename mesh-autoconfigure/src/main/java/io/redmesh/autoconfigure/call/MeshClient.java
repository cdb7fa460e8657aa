package io.redmesh.autoconfigure.call;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.beans.factory.annotation.Qualifier;

/**
 * Qualifier of the client builder whose calls go through the mesh; a plain builder is
 * left untouched: <pre>
 * OrdersClient(&#64;MeshClient RestClient.Builder builder) {
 *     this.client = builder.baseUrl("http://orders").build();
 * }
 * </pre>
 */
@Qualifier
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ ElementType.FIELD, ElementType.PARAMETER, ElementType.METHOD })
public @interface MeshClient {

	/**
	 * The request attribute that says whether making the call twice does no harm, where
	 * its method does not say so: {@code true} for a POST that may be retried or hedged,
	 * {@code false} for a GET that must not. <pre>
	 * client.post().uri("http://orders/search").attribute(MeshClient.REPEATABLE, true)
	 * </pre>
	 */
	String REPEATABLE = "io.redmesh.repeatable";

}
