package io.redmesh.autoconfigure.inbound;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Objects of which the n-th call throws. A test that counts n up breaks at each seam
 * between the code that it tests and the rest of the world.
 */
final class Seams {

	private final AtomicInteger left;

	private Seams(int calls) {
		this.left = new AtomicInteger(calls);
	}

	static Seams breakingAt(int call) {
		return new Seams(call);
	}

	/** Tells whether a call has thrown. */
	boolean isBroken() {
		return this.left.get() <= 0;
	}

	<T> T of(Class<T> type, T target) {
		return type
			.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, (proxy, method, args) -> {
				if (this.left.decrementAndGet() == 0) {
					throw new SeamException();
				}
				try {
					Object result = method.invoke(target, args);
					return (result != null && method.getReturnType() == type) ? of(type, type.cast(result)) : result;
				}
				catch (InvocationTargetException ex) {
					throw ex.getTargetException();
				}
			}));
	}

	static final class SeamException extends RuntimeException {

	}

}
