/**
 * The store that any number of servers share: one Redis, and one Lua script for each
 * transition. The only package that knows Redis.
 */
@NullMarked
package io.redmesh.registry.store.redis;

import org.jspecify.annotations.NullMarked;
