/**
 * The endpoints on which instances register, renew, leave and are looked up.
 */
@NullMarked
package io.redmesh.registry.registration;

import org.jspecify.annotations.NullMarked;
