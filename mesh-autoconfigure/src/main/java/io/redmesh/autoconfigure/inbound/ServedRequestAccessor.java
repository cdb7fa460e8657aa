package io.redmesh.autoconfigure.inbound;

import io.micrometer.context.ThreadLocalAccessor;
import io.redmesh.autoconfigure.call.ServedRequest;
import org.jspecify.annotations.Nullable;

/** Lets the request that is served follow its work to other threads. */
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
