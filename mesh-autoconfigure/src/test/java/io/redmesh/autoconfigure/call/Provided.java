package io.redmesh.autoconfigure.call;

import java.util.Map;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.core.ResolvableType;

/** Providers of one bean or of none, for tests without an application context. */
public final class Provided {

	private Provided() {
	}

	public static <T> ObjectProvider<T> of(Class<?> type, Object bean) {
		return new StaticListableBeanFactory(Map.of("bean", bean)).getBeanProvider(ResolvableType.forRawClass(type));
	}

	public static <T> ObjectProvider<T> none(Class<?> type) {
		return new StaticListableBeanFactory().getBeanProvider(ResolvableType.forRawClass(type));
	}

}
