/**
 * The operations with which instances register, renew and deregister, and with which
 * readers look them up.
 */
@NullMarked
package io.redmesh.registry.registration;

import org.jspecify.annotations.NullMarked;
