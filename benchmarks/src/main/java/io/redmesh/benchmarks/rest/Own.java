package io.redmesh.benchmarks.rest;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;
import java.util.Map;

import io.redmesh.registry.registration.LeaseProperties;

/** Handles of the registry's own parts, which are not public. */
final class Own {

	private static final String TEMPLATE = "io.redmesh.registry.rest.PathTemplate";

	private static final String BODIES = "io.redmesh.registry.registration.Bodies";

	/** Splits a request target into segments. */
	static final MethodHandle SPLIT = function(TEMPLATE, "split", List.class, String.class)
		.asType(MethodType.methodType(List.class, String.class));

	/** Matches a template with segments. */
	static final MethodHandle MATCH = method(TEMPLATE, "match", Map.class, List.class)
		.asType(MethodType.methodType(Map.class, Object.class, List.class));

	/** Parses a template. */
	static final MethodHandle TEMPLATE_OF = function(TEMPLATE, "parse", type(TEMPLATE), String.class)
		.asType(MethodType.methodType(Object.class, String.class));

	/** Reads a batch of heartbeats. */
	static final MethodHandle HEARTBEATS = function(BODIES, "heartbeats", List.class, byte[].class)
		.asType(MethodType.methodType(List.class, byte[].class));

	/** Reads a registration. */
	static final MethodHandle REGISTRATION = function(BODIES, "registration", type(BODIES + "$Registration"),
			String.class, String.class, byte[].class, LeaseProperties.class)
		.asType(MethodType.methodType(Object.class, String.class, String.class, byte[].class, LeaseProperties.class));

	private Own() {
	}

	private static Class<?> type(String name) {
		try {
			return Class.forName(name);
		}
		catch (ClassNotFoundException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static MethodHandle function(String type, String name, Class<?> result, Class<?>... arguments) {
		try {
			return MethodHandles.privateLookupIn(type(type), MethodHandles.lookup())
				.findStatic(type(type), name, MethodType.methodType(result, arguments));
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static MethodHandle method(String type, String name, Class<?> result, Class<?>... arguments) {
		try {
			return MethodHandles.privateLookupIn(type(type), MethodHandles.lookup())
				.findVirtual(type(type), name, MethodType.methodType(result, arguments));
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
