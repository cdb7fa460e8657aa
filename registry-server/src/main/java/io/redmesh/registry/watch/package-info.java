/**
 * Watches: streams of server-sent events that push changes to readers.
 */
@NullMarked
package io.redmesh.registry.watch;

import org.jspecify.annotations.NullMarked;
