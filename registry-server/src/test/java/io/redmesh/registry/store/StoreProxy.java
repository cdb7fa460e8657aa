package io.redmesh.registry.store;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.BiFunction;

/** A store that does what another one does, but for one method. */
public final class StoreProxy {

	private StoreProxy() {
	}

	/**
	 * Changes what one method returns.
	 * @param store does everything else
	 * @param name the name of the method
	 * @param change takes the namespace and the result, returns another result
	 */
	public static RegistryStore changing(RegistryStore store, String name, BiFunction<String, Object, Object> change) {
		return (RegistryStore) Proxy.newProxyInstance(StoreProxy.class.getClassLoader(),
				new Class<?>[] { RegistryStore.class }, (proxy, method, arguments) -> {
					try {
						Object result = method.invoke(store, arguments);
						return method.getName().equals(name) ? change.apply((String) arguments[0], result) : result;
					}
					catch (InvocationTargetException ex) {
						throw ex.getCause();
					}
				});
	}

}
