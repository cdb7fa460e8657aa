/**
 * Health, metrics and the Actuator endpoint {@code mesh}, for operators.
 */
@NullMarked
package io.redmesh.autoconfigure.actuate;

import org.jspecify.annotations.NullMarked;
