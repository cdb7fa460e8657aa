/** The documents of traffic rules, and the reader that makes rules of them. */
@NullMarked
package io.redmesh.core.traffic.document;

import org.jspecify.annotations.NullMarked;
