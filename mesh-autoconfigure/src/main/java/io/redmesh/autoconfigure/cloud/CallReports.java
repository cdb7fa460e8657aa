package io.redmesh.autoconfigure.cloud;

import io.redmesh.autoconfigure.call.HttpCall;
import org.jspecify.annotations.Nullable;

import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.CompletionContext;
import org.springframework.cloud.client.loadbalancer.LoadBalancerLifecycle;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.cloud.client.loadbalancer.Response;
import org.springframework.cloud.client.loadbalancer.ResponseData;

/**
 * Takes in how the calls went of those who only pick through Spring Cloud, such as its
 * Gateway and OpenFeign.
 * <p>
 * Safe for use by many threads.
 */
final class CallReports implements LoadBalancerLifecycle<Object, Object, ServiceInstance> {

	@Override
	public void onStart(Request<Object> request) {
		// Nobody is picked yet.
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
			call.responded(data.getHttpStatus(), data.getHeaders());
		}
		else {
			call.abandon();
		}
	}

}
