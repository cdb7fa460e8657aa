package io.redmesh.autoconfigure.cloud;

import java.io.IOException;
import java.lang.reflect.UndeclaredThrowableException;
import java.net.URI;

import io.redmesh.autoconfigure.call.HttpCall;
import io.redmesh.autoconfigure.call.HttpCalls;
import io.redmesh.autoconfigure.call.HttpFacts;
import io.redmesh.autoconfigure.call.PendingCall;
import io.redmesh.autoconfigure.call.Pick;
import io.redmesh.autoconfigure.call.ServedRequest;
import io.redmesh.core.call.NoEndpointException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.LoadBalancerClient;
import org.springframework.cloud.client.loadbalancer.LoadBalancerRequest;
import org.springframework.cloud.client.loadbalancer.LoadBalancerUriTools;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.cloud.client.loadbalancer.RequestData;
import org.springframework.cloud.client.loadbalancer.RequestDataContext;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/**
 * The mesh for callers that know only Spring Cloud's client. They get an instance and
 * send the request themselves, or let a request be retried until it connects.
 * <p>
 * Safe for use by many threads.
 */
final class MeshLoadBalancerClient implements LoadBalancerClient {

	private static final Logger logger = LoggerFactory.getLogger(MeshLoadBalancerClient.class);

	private final HttpCalls calls;

	MeshLoadBalancerClient(HttpCalls calls) {
		this.calls = calls;
	}

	@Override
	@SuppressWarnings("NullAway") // callers expect null if there is no instance
	public @Nullable ServiceInstance choose(String serviceId) {
		return choose(serviceId, (HttpFacts) null);
	}

	private @Nullable ServiceInstance choose(String serviceId, @Nullable HttpFacts facts) {
		try {
			this.calls.firstSnapshot().await(serviceId);
			Pick pick = this.calls.pick(serviceId, facts);
			return (pick != null) ? new PickedInstance(pick) : null;
		}
		catch (IOException ex) {
			logger.debug("No instance of '{}' is picked", serviceId, ex);
			return null;
		}
	}

	// Gateway and OpenFeign say which request the instance is for.
	private static @Nullable HttpFacts facts(Request<?> request) {
		if (request.getContext() instanceof RequestDataContext context && context.getClientRequest() != null) {
			RequestData data = context.getClientRequest();
			HttpHeaders headers = data.getHeaders();
			return new HttpFacts(data.getUrl(), data.getHttpMethod(), (headers != null) ? headers : HttpHeaders.EMPTY);
		}
		return null;
	}

	@Override
	@SuppressWarnings("NullAway") // see above
	public <T> @Nullable ServiceInstance choose(String serviceId, Request<T> request) {
		return choose(serviceId, facts(request));
	}

	@Override
	public <T> T execute(String serviceId, LoadBalancerRequest<T> request) throws IOException {
		this.calls.firstSnapshot().await(serviceId);
		PendingCall pending = this.calls.plan(serviceId, false, ServedRequest.current(), null);
		if (pending == null) {
			throw new NoEndpointException(this.calls.firstSnapshot().explain(serviceId));
		}
		HttpCall call = pending.await();
		while (true) {
			try {
				T result = execute(serviceId, new MeshServiceInstance(call.instance()), request);
				call.responded(HttpStatus.OK, HttpHeaders.EMPTY);
				call.release();
				return result;
			}
			catch (Throwable ex) {
				if (!call.failed(ex)) {
					throw ex;
				}
			}
		}
	}

	@Override
	public <T> T execute(String serviceId, ServiceInstance instance, LoadBalancerRequest<T> request)
			throws IOException {
		try {
			return request.apply(instance);
		}
		catch (IOException | RuntimeException ex) {
			throw ex;
		}
		catch (Exception ex) {
			throw new UndeclaredThrowableException(ex);
		}
	}

	@Override
	public URI reconstructURI(ServiceInstance instance, URI original) {
		return LoadBalancerUriTools.reconstructURI(instance, original);
	}

}
