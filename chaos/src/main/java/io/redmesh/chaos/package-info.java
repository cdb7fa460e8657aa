/**
 * Chaos tests: real servers and real Redis processes under seeded faults, and a check of
 * all that was seen.
 */
@NullMarked
package io.redmesh.chaos;

import org.jspecify.annotations.NullMarked;
