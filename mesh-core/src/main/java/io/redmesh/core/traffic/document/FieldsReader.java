package io.redmesh.core.traffic.document;

import org.jspecify.annotations.Nullable;

/**
 * A reader of the fields of an object.
 *
 * @param <T> the type of what is read
 */
@FunctionalInterface
interface FieldsReader<T> {

	@Nullable T read(Fields fields);

}
