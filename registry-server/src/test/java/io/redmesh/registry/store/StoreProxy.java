package io.redmesh.registry.store;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.BiFunction;

/** Stores that do what another one does, except for one method. */
public final class StoreProxy {

	private StoreProxy() {
	}

	/**
	 * Changes what one method returns.
	 * @param store the store that does everything else
	 * @param name the name of the method
	 * @param change maps the namespace and the result to another result
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
