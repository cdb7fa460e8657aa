package io.redmesh.autoconfigure.cloud;

import io.redmesh.autoconfigure.call.HttpCall;
import io.redmesh.autoconfigure.call.MeshHeaders;
import org.jspecify.annotations.Nullable;

import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.CompletionContext;
import org.springframework.cloud.client.loadbalancer.LoadBalancerLifecycle;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.cloud.client.loadbalancer.Response;
import org.springframework.cloud.client.loadbalancer.ResponseData;
import org.springframework.http.HttpHeaders;

/**
 * The listener that reports to the mesh how calls ended whose clients only pick through
 * Spring Cloud, such as its Gateway and OpenFeign.
 * <p>
 * Safe for use by many threads.
 */
final class CallReports implements LoadBalancerLifecycle<Object, Object, ServiceInstance> {

	@Override
	public void onStart(Request<Object> request) {
		// No instance is picked yet.
	}

	@Override
	public void onStartRequest(Request<Object> request, Response<ServiceInstance> response) {
		PickedInstance picked = PickedInstance.of(response);
		if (picked != null) {
			picked.begin();
		}
	}

	@Override
	public void onComplete(CompletionContext<Object, ServiceInstance, Object> context) {
		PickedInstance picked = PickedInstance.of(context.getLoadBalancerResponse());
		HttpCall call = (picked != null) ? picked.call() : null;
		if (call != null) {
			report(call, context.getThrowable(), context.getClientResponse());
			call.release();
		}
	}

	private static void report(HttpCall call, @Nullable Throwable failure, @Nullable Object answer) {
		if (failure != null) {
			call.failed(failure);
		}
		else if (answer instanceof ResponseData data && data.getHttpStatus() != null) {
			call.responded(data.getHttpStatus(), serviceHeaders(call, data.getHeaders()));
		}
		else {
			call.abandon();
		}
	}

	// With Gateway these are the headers of its own response, in which MeshGatewayFilter
	// has named the failure of the service.
	private static HttpHeaders serviceHeaders(HttpCall call, HttpHeaders headers) {
		if (!call.service().equals(headers.getFirst(MeshHeaders.FAILED_AT))) {
			return headers;
		}
		HttpHeaders answered = HttpHeaders.copyOf(headers);
		answered.remove(MeshHeaders.FAILED_AT);
		return answered;
	}

}
