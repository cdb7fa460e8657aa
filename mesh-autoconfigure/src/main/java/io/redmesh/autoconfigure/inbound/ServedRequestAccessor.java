package io.redmesh.autoconfigure.inbound;

import io.micrometer.context.ThreadLocalAccessor;
import io.redmesh.autoconfigure.call.ServedRequest;
import org.jspecify.annotations.Nullable;

/**
 * The accessor by which context propagation carries the served request to other threads.
 */
final class ServedRequestAccessor implements ThreadLocalAccessor<ServedRequest> {

	@Override
	public Object key() {
		return ServedRequest.KEY;
	}

	@Override
	public @Nullable ServedRequest getValue() {
		return ServedRequest.current();
	}

	@Override
	public void setValue(ServedRequest request) {
		ServedRequest.setCurrent(request);
	}

	@Override
	public void setValue() {
		ServedRequest.setCurrent(null);
	}

}
